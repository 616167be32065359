import ArgumentParser

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train models: the fast one, brands' own heads, the deep one, or the forecaster of anomalies.",
        discussion: """
            Example: groundswell train --from-labels --brand Quenzo
            Example: groundswell train fast --train train.jsonl.gz --validation val.jsonl.gz --out Models/mine
            Example: groundswell train deep tweeteval --out Models/mine
            Example: groundswell train series --out Models/anomaly
            """,
        subcommands: [TrainFastCommand.self, TrainDeepCommand.self, TrainSeriesCommand.self],
        defaultSubcommand: TrainFastCommand.self)
}
