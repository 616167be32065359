import ArgumentParser

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train models: the fast one, brands' own heads, or the deep one.",
        discussion: """
            Example: groundswell train --from-labels --brand Quenzo
            Example: groundswell train fast --train train.jsonl.gz --validation val.jsonl.gz --out Models/mine
            Example: groundswell train deep tweeteval --out Models/mine
            """,
        subcommands: [TrainFastCommand.self, TrainDeepCommand.self], defaultSubcommand: TrainFastCommand.self)
}
