import ArgumentParser
import Foundation
import Neural
import Text
import Training

/// `groundswell train deep`: an encoder and a head for each task, on the cores of this machine.
struct TrainDeepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deep",
        abstract: "Train the deep model: one encoder that answers all text tasks.",
        discussion: """
            Example: groundswell train deep tweeteval --out Models/mine
            The folder holds NAME.train.jsonl[.gz|.zst] and NAME.val.jsonl for each task ({"text": "…", "label": 1}, for \
            stance with "target"), or TweetEval's own layout. Auxiliary tasks (\(EncoderTask.auxiliaries.joined(separator: ", "))) \
            show the encoder more language in the first epoch; their heads are thrown away.
            Ctrl-C keeps a checkpoint in the folder: the same command goes on from it and ends with the same weights. \
            Score the result with 'groundswell evaluate text --model FOLDER'.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Folder for model.safetensors, config.json and the checkpoint; made when missing.") var out: String
    @Option(help: "Folder of the encoder to start from; by default the one that 'groundswell models pull' gets.")
    var base: String?
    @Option(parsing: .upToNextOption, help: "The tasks to learn; by default all that the folder has.")
    var tasks: [String] = TextTask.allCases.map(\.rawValue)
    @Option(parsing: .upToNextOption, help: "Auxiliary tasks; those that the folder lacks are left out.")
    var auxiliary: [String] = EncoderTask.auxiliaries
    @Option(help: "Name in the model's configuration.") var name = DeepModel.folderName
    @Option(help: "Passes over the texts at most.") var epochs = EncoderSettings().epochs
    @Option(help: "Step size of the last layer.") var rate = EncoderSettings().rate
    @Option(help: "Seed: the same gives the same weights on the same machine.") var seed: UInt64 = 1
    @Option(help: "In a cascade, posts go on to this model whose class the fast model holds for less probable.")
    var cascadeBelow = 0.495
    @Option(help: "A post at least so probably ironic is not counted as praise.") var ironicFrom = 0.85
    @Flag(help: "Start again although there is a checkpoint.") var fresh = false
    @Argument(help: "Folder of texts.", completion: .directory) var folder: String

    func validate() throws {
        for name in tasks where TextTask(rawValue: name) == nil {
            throw ValidationError(
                "--tasks knows \(TextTask.allCases.map(\.rawValue).joined(separator: ", ")), not \(name).")
        }
        for share in [cascadeBelow, ironicFrom] where !(0...1).contains(share) {
            throw ValidationError("--cascade-below and --ironic-from must be 0…1.")
        }
        var settings = EncoderSettings()
        (settings.epochs, settings.rate) = (epochs, rate)
        if let complaint = settings.complaint { throw ValidationError("\(complaint).") }
    }

    func run() async throws {
        let models = try await Settings(connection).modelsFolder()
        let base = base ?? "\(models)/\(DeepModel.baseName)"
        guard FileManager.default.fileExists(atPath: "\(base)/model.safetensors") else {
            throw CommandError("no encoder in \(base); 'groundswell models pull' gets one")
        }
        var course = EncoderCourse(try trainer(base: base))
        let checkpoint = CheckpointFile(path: "\(out)/checkpoint.safetensors")
        if !fresh, let file = try checkpoint.read() {
            do {
                try course.restore(file)
            } catch {
                throw CommandError("\(checkpoint.path): \(error); --fresh starts again")
            }
            Terminal.say("goes on after step \(course.trainer.state.step) of \(course.trainer.steps)")
        }
        let interrupt = Interrupt()
        var report = TrainingReport(course.trainer)
        do {
            while !course.hasEnded {
                let epoch = try course.nextEpoch { progress in
                    report.show(progress)
                    if interrupt.isRaised { throw CancellationError() }
                }
                report.show(epoch)
                try checkpoint.write(course.checkpoint)
            }
        } catch is CancellationError {
            try checkpoint.write(course.checkpoint)
            Terminal.update("")
            Terminal.say("stopped after step \(course.trainer.state.step); the same command goes on from there")
            throw ExitCode(130)
        }
        let result = try course.result(name: name, baseName: URL(filePath: base).lastPathComponent)
        try result.folder.settingThresholds(cascadeBelow: cascadeBelow, ironicFrom: ironicFrom).write(to: out)
        checkpoint.remove()
        output.show(Self.table(result.marks))
        Terminal.say("wrote \(out); score it with 'groundswell evaluate text --model \(out) \(folder)'")
    }

    private func trainer(base: String) throws -> EncoderTrainer {
        var settings = EncoderSettings()
        (settings.epochs, settings.rate, settings.seed) = (epochs, rate, seed)
        let files = TaskFiles(folder: self.folder)
        let wanted = TextTask.allCases.filter { tasks.contains($0.rawValue) }
        var sets = try wanted.compactMap(files.records)
        guard !sets.isEmpty else {
            throw CommandError("\(folder) has no train and val texts of \(tasks.joined(separator: ", "))")
        }
        sets += try auxiliary.compactMap(files.auxiliary)
        let (read, overlapping) = EncoderTask.tasks(
            of: sets, tokenizer: try DeepModel.tokenizer(in: base), tokenLimit: settings.tokenLimit)
        for task in read {
            Terminal.say(
                "\(task.name): \(Figures.grouped(Int64(task.examples.count))) texts"
                    + (task.task == nil ? " to see more language" : ", \(task.validation.count) to measure by"))
        }
        if overlapping > 0 { Terminal.say("left out \(overlapping) texts that are validation texts too") }
        return try EncoderTrainer(try DeepModel.encoder(in: base), tasks: read, settings: settings)
    }

    private static func table(_ marks: EncoderMarks) -> Table {
        var table = Table(["task", "mark", "score", "accuracy"])
        for mark in marks.marks {
            table.add([
                .text(mark.task.rawValue), .text(mark.task.markName), .decimal(mark.mark * 100, places: 1),
                .decimal(mark.accuracy * 100, places: 1),
            ])
        }
        return table
    }
}

/// A training's checkpoint, replaced in one step so that a torn write never counts.
private struct CheckpointFile {
    let path: String

    func read() throws -> Safetensors? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        do {
            return try Safetensors(bytes: [UInt8](data))
        } catch {
            throw CommandError("\(path): \(error); --fresh starts again")
        }
    }

    func write(_ file: Safetensors) throws {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: url, options: .atomic)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Progress, with the time left by the pace of this run.
private struct TrainingReport {
    private let epochs: Int
    private let ends: [Int]
    private let firstStep: Int
    private let started = ContinuousClock.now
    private var shown = ContinuousClock.now
    private var tokens = (before: 0, epoch: 0)

    /// Lines of a terminal are replaced so often; elsewhere one is written each minute.
    private static let interval = (terminal: Duration.seconds(1), file: Duration.seconds(60))

    init(_ trainer: EncoderTrainer) {
        firstStep = trainer.state.step
        var end = 0
        ends = trainer.stepsOfEpochs.map { count in
            end += count
            return end
        }
        epochs = ends.count
    }

    mutating func show(_ progress: EncoderTrainer.Progress) {
        if progress.tokens < tokens.epoch { tokens.before += tokens.epoch }
        tokens.epoch = progress.tokens
        let now = ContinuousClock.now
        guard now - shown >= (Terminal.isErrorTerminal ? Self.interval.terminal : Self.interval.file) else { return }
        shown = now
        let seconds = (now - started) / .seconds(1)
        let left = seconds / Double(progress.step - firstStep) * Double(progress.steps - progress.step)
        let epoch = (ends.firstIndex { progress.step <= $0 } ?? epochs - 1) + 1
        let line =
            "epoch \(epoch)/\(epochs) · step \(Figures.grouped(Int64(progress.step)))/"
            + "\(Figures.grouped(Int64(progress.steps))) · loss \(Figures.decimal(progress.loss, places: 3)) · "
            + "\(Figures.grouped(Double(tokens.before + tokens.epoch) / seconds)) tokens/s · "
            + "about \(Figures.duration(left)) left"
        if Terminal.isErrorTerminal { Terminal.update(line) } else { Terminal.say(line) }
    }

    func show(_ epoch: EncoderCourse.Epoch) {
        let marks = epoch.marks.marks.map { "\($0.task.rawValue) \(Figures.decimal($0.mark * 100, places: 1))" }
        Terminal.update("")
        Terminal.say(
            "epoch \(epoch.number)/\(epochs): " + marks.joined(separator: ", ") + (epoch.isBest ? ", the best" : ""))
    }
}
