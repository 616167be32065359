import Anomalies
import ArgumentParser
import Foundation
import Neural
import Training

/// `groundswell train series`: the forecaster behind anomalies.
struct TrainSeriesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "series",
        abstract: "Train the forecaster of anomalies on simulated brands with injected bursts.",
        discussion: """
            Example: groundswell train series --out Models/anomaly
            It sees each history with its bursts and learns what would have come without them. No file is read; the same \
            seed gives the same weights on the same machine. A minute or two of one core.
            """)

    @Option(help: "Folder for model.safetensors; made when missing.") var out: String
    @Option(help: "How many brands to invent.") var histories = SeriesTrainer.Settings().histories
    @Option(help: "Passes over the windows.") var epochs = SeriesTrainer.Settings().epochs
    @Option(help: "Seed.") var seed: UInt64 = 1

    func validate() throws {
        guard (10...100_000).contains(histories) else {
            throw ValidationError("--histories must be 10…100000, not \(histories).")
        }
        guard (1...1000).contains(epochs) else { throw ValidationError("--epochs must be 1…1000, not \(epochs).") }
    }

    func run() throws {
        var settings = SeriesTrainer.Settings()
        settings.histories = histories
        settings.epochs = epochs
        settings.seed = seed
        let forecaster = SeriesTrainer(settings: settings).train { progress in
            Terminal.say(
                "epoch \(progress.epoch)/\(epochs): loss \(Figures.decimal(progress.loss, places: 4)) nats a window, "
                    + "the seasonal baseline's \(Figures.decimal(progress.baseline, places: 4))")
        }
        let version = "series-\(Forecaster.inputs)-\(histories)-\(seed)"
        let folder = URL(fileURLWithPath: out)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(forecaster.file(version: version).bytes).write(to: folder.appendingPathComponent("model.safetensors"))
        Terminal.say("wrote \(out); see what it does with 'loadtest bursts'")
    }
}
