import ArgumentParser
import Domain
import Foundation
import Text
import Training

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train the fast sentiment model from labelled texts, or brands' own heads from people's labels.",
        discussion: """
            Example: groundswell train --train train.jsonl.gz --validation val.jsonl.gz --out Models/mine
            A line is {"text": "…", "label": 0}; labels are 0, 1, 2 or negative, neutral, positive. An auxiliary task \
            ({"text": "…", "label": N} of any classes, or {"text": "…", "labels": ["joy"]} as in GoEmotions) shows the \
            network more language; its head is thrown away afterwards.

            Example: groundswell train --from-labels --brand Quenzo
            Trains a small classifier of the brand's own from the labels of 'groundswell label', over features of the \
            model that its monitor asks for, and prints what it gains by cross-validation. It takes seconds.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var heads: HeadOptions

    @Option(help: "Texts to learn from: JSON Lines, plain, .gz or .zst.", completion: .file()) var train: String?
    @Option(help: "Texts to stop and calibrate by.", completion: .file()) var validation: String?
    @Option(help: "Texts of an auxiliary task; may be given again.", completion: .file()) var auxiliary: [String] = []
    @Option(help: "Weight of an auxiliary task's loss.") var auxiliaryWeight: Float = 0.5
    @Option(help: "Folder for model.safetensors and config.json; made when missing.") var out: String?
    @Option(help: "Name in the model's configuration.") var name = "fast-sentiment"
    @Option(help: "Passes over the texts at most.") var epochs = FastTrainer.Settings().epochs
    @Option(help: "Seed: the same gives the same weights on the same machine.") var seed: UInt64 = 1

    func validate() throws {
        guard (1...1000).contains(epochs) else { throw ValidationError("--epochs must be 1…1000, not \(epochs).") }
        let given = [train, validation, out].count { $0 != nil }
        guard given == (heads.fromLabels ? 0 : 3) else {
            throw ValidationError("Give --train, --validation and --out, or --from-labels alone.")
        }
    }

    func run() async throws {
        if heads.fromLabels {
            try await heads.train(Settings(connection))
        } else if let train, let validation, let out {
            try trainFast(train, validation, out)
        }
    }

    private func trainFast(_ train: String, _ validation: String, _ out: String) throws {
        let file = LabelFile()
        let examples = try file.rows(of: train).map(\.example)
        let held = try file.rows(of: validation).map(\.example)
        var tasks: [AuxiliaryTask] = []
        for path in auxiliary {
            let texts = try LabelFile(classes: nil).rows(of: path).map(\.example)
            tasks.append(
                AuxiliaryTask(
                    name: URL(fileURLWithPath: path).lastPathComponent, examples: texts, weight: auxiliaryWeight))
        }
        Terminal.say("training on \(examples.count) texts, stopping by \(held.count)")
        var settings = FastTrainer.Settings()
        settings.epochs = epochs
        settings.seed = seed
        let started = ContinuousClock.now
        let result = try FastTrainer(settings: settings).train(
            name: name, classes: SentimentLabel.allCases.map(\.name), examples: examples, validation: held,
            auxiliary: tasks
        ) { progress in
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            let left = seconds / Double(progress.epoch) * Double(epochs - progress.epoch)
            Terminal.say(
                "epoch \(progress.epoch)/\(epochs): macro recall "
                    + "\(Figures.decimal(progress.macroRecall * 100, places: 1)) %\(progress.isBest ? ", the best" : "")"
                    + " · at most \(Figures.duration(left)) left")
        }
        try ModelFolder(result.configuration, result.network).write(to: out)
        if result.overlapping > 0 { Terminal.say("left out \(result.overlapping) texts that are validation texts too") }
        Terminal.say("wrote \(out); score it with 'groundswell evaluate --model \(out) \(validation)'")
    }
}
