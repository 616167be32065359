import ArgumentParser

/// `groundswell train`: models from labels and histories.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train the sentiment model, brands' own heads, or the forecaster of anomalies.",
        discussion: """
            Example: groundswell train --train train.jsonl.gz --validation val.jsonl.gz --out Models/mine
            Example: groundswell train --from-labels --brand Quenzo
            Example: groundswell train series --out Models/anomaly
            """,
        subcommands: [TrainTextCommand.self, TrainSeriesCommand.self], defaultSubcommand: TrainTextCommand.self)
}
