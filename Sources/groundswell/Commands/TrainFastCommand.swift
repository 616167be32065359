import ArgumentParser
import Domain
import Foundation
import Languages
import Text
import Training

struct TrainFastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fast",
        abstract:
            "Train the fast sentiment model from labelled texts, or brands' own heads from people's labels. (default)",
        discussion: """
            Example: groundswell train --train train.jsonl.gz --validation val.jsonl.gz --out Models/mine
            A line is {"text": "…", "label": 0}; labels are 0, 1, 2 or negative, neutral, positive. An auxiliary task \
            ({"text": "…", "label": N} of any classes, or {"text": "…", "labels": ["joy"]} as in GoEmotions) shows the \
            network more language; its head is thrown away afterwards. With --teacher the model also learns what a better \
            one says of the same texts and of others without labels.

            Example: groundswell train --from-labels --brand Quenzo
            Trains a small classifier of the brand's own from the labels of 'groundswell label', over features of the \
            model that its monitor asks for, and prints what it gains by cross-validation. It takes seconds.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var teaching: TeachingOptions
    @OptionGroup var heads: HeadOptions

    @Option(help: "Texts to learn from: JSON Lines, plain, .gz or .zst.", completion: .file()) var train: String?
    @Option(help: "Texts to stop and calibrate by.", completion: .file()) var validation: String?
    @Option(help: "Texts of an auxiliary task; may be given again.", completion: .file()) var auxiliary: [String] = []
    @Option(help: "Weight of an auxiliary task's loss.") var auxiliaryWeight: Float = 0.5
    @Option(help: "Folder for model.safetensors and config.json; made when missing.") var out: String?
    @Option(help: "Name in the model's configuration.") var name = "fast-sentiment"
    @Option(
        parsing: .upToNextOption,
        help: "Tags of the languages to learn, when not English: lines with another 'lang' (tag or name) are left out.")
    var languages: [String] = []
    @Option(help: "Passes over the texts at most.") var epochs = FastTrainer.Settings().epochs
    @Option(help: "Binary logarithm of the rows of the embedding table: each more doubles the size of the model.")
    var tableBits = FastTrainer.Settings().features.tableBits
    @Option(help: "Share of pooled values left out of each step; less where there are many texts.")
    var dropout = FastTrainer.Settings().dropout
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
            try await trainFast(train, validation, out)
        }
    }

    private func trainFast(_ train: String, _ validation: String, _ out: String) async throws {
        let examples = try rows(of: train)
        let held = try rows(of: validation)
        var tasks: [AuxiliaryTask] = []
        for path in auxiliary {
            let texts = try LabelFile(classes: nil).rows(of: path).map(\.example)
            tasks.append(
                AuxiliaryTask(
                    name: URL(fileURLWithPath: path).lastPathComponent, examples: texts, weight: auxiliaryWeight))
        }
        let models = try await Settings(connection).modelsFolder()
        let taught = try await teaching.taught(examples, validation: held, models: models)
        Terminal.say(
            "training on \(examples.count) texts, stopping by \(held.count)"
                + (taught.isEmpty ? "" : "; a teacher has answered \(taught.count)"))
        var settings = FastTrainer.Settings()
        settings.trust = teaching.trust
        settings.features.tableBits = tableBits
        settings.dropout = dropout
        settings.epochs = epochs
        settings.seed = seed
        let started = ContinuousClock.now
        let result = try FastTrainer(settings: settings).train(
            name: name, classes: SentimentLabel.allCases.map(\.name), examples: examples, validation: held,
            taught: taught, auxiliary: tasks
        ) { progress in
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            let left = seconds / Double(progress.epoch) * Double(epochs - progress.epoch)
            Terminal.say(
                "epoch \(progress.epoch)/\(epochs): macro recall "
                    + "\(Figures.decimal(progress.macroRecall * 100, places: 1)) %\(progress.isBest ? ", the best" : "")"
                    + " · at most \(Figures.duration(left)) left")
        }
        var configuration = result.configuration
        if !languages.isEmpty { configuration.languages = languages }
        try ModelFolder(configuration, result.network).write(to: out)
        if result.overlapping > 0 { Terminal.say("left out \(result.overlapping) texts that are validation texts too") }
        Terminal.say("wrote \(out); score it with 'groundswell evaluate --model \(out) \(validation)'")
    }

    /// The rows of a file, of the languages asked for.
    private func rows(of path: String) throws -> [LabelledText] {
        let rows = try LabelFile(groupField: languages.isEmpty ? nil : "lang").rows(of: path)
        let wanted = rows.filter { row in languages.isEmpty || languages.contains(LanguageName.tag(row.group ?? "")) }
        guard !wanted.isEmpty else {
            throw CommandError("\(path) holds no text in \(languages.joined(separator: ", "))")
        }
        return wanted.map(\.example)
    }
}
