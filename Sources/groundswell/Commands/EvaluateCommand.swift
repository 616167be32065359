import ArgumentParser

/// `groundswell evaluate`: models against people's labels.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Score models on texts with human labels.",
        discussion: """
            Example: groundswell evaluate labels.jsonl.gz --by airline
            Example: groundswell evaluate text --task all DIR
            Example: groundswell evaluate cascade sentiment.val.jsonl.gz
            """,
        subcommands: [EvaluateLabelsCommand.self, EvaluateTextCommand.self, EvaluateCascadeCommand.self],
        defaultSubcommand: EvaluateLabelsCommand.self)
}
