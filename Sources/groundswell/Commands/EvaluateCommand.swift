import ArgumentParser

/// `groundswell evaluate`: models against people's labels.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Score models on texts and series with human labels.",
        discussion: """
            Example: groundswell evaluate labels.jsonl.gz --by airline
            Example: groundswell evaluate text --task all DIR
            Example: groundswell evaluate cascade sentiment.val.jsonl.gz
            Example: groundswell evaluate nab DIR --out results
            """,
        subcommands: [
            EvaluateLabelsCommand.self, EvaluateTextCommand.self, EvaluateCascadeCommand.self, EvaluateNabCommand.self,
        ],
        defaultSubcommand: EvaluateLabelsCommand.self)
}
