import ArgumentParser
import Foundation
import Text
import Training

/// `groundswell evaluate text`: the tasks' official marks on the splits of a folder.
struct EvaluateTextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text",
        abstract: "Score a model by the official marks of TweetEval, and write its predictions.",
        discussion: """
            Example: groundswell evaluate text --task all --predictions predictions tweeteval/datasets --split test
            The folder holds NAME.SPLIT.jsonl[.gz] ({"text": "…", "label": 1}, for stance with "target"), or TweetEval's \
            own NAME/SPLIT_text.txt and SPLIT_labels.txt. Without labels only predictions are written: one class number \
            a line, NAME.txt, for stance one file for each target. 'from' and 'to' bound the mark by 95 %; ECE is the \
            mean gap between confidence and accuracy.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "sentiment, emotion, irony, offensive, hate, stance or all.") var task = TaskChoice.all
    @Option(help: "The split to read: train, val or test.") var split = "val"
    @Option(help: "deep, fast (sentiment only), or the folder of a model.") var model = "deep"
    @Option(help: "Write predictions in TweetEval's form into this folder.") var predictions: String?
    @Argument(help: "Folder of splits.", completion: .directory) var folder: String

    func validate() throws {
        guard ["train", "val", "test"].contains(split) else {
            throw ValidationError("--split must be train, val or test, not \(split).")
        }
    }

    func run() async throws {
        let settings = try await Settings(connection)
        let model = try TextModel(model, models: settings.modelsFolder())
        let splits = try task.tasks.filter(model.tasks.contains).compactMap { task in
            try SplitFolder(path: folder).split(split, of: task)
        }
        guard !splits.isEmpty else {
            throw CommandError("\(folder) has no \(split) split of a task that \(model.version) answers")
        }
        Terminal.say("model \(model.version)")
        var table = Table(["task", "mark", "texts", "score", "95% from", "to", "accuracy", "ECE"])
        for split in splits {
            let started = ContinuousClock.now
            let answers = try await model.answers(split)
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            Terminal.say("\(split.task.rawValue): \(answers.count) texts in \(Figures.decimal(seconds, places: 1)) s")
            if let predictions { try PredictionFolder(path: predictions).write(answers.map(\.label), of: split) }
            if let labels = split.labels { table.add(Self.row(split.task, answers, labels)) }
        }
        if !table.rows.isEmpty { output.show(table) }
        guard splits.contains(where: { $0.labels != nil }) || predictions != nil else {
            throw CommandError("the texts have no labels; --predictions FOLDER writes what the model says")
        }
    }

    private static func row(_ task: TextTask, _ answers: [TextAnswer], _ labels: [Int]) -> [Table.Cell] {
        let result = Evaluation(
            task: task, probabilities: answers.map { $0.probabilities.map(Double.init) }, chosen: answers.map(\.label),
            labels: labels)
        func percent(_ share: Double) -> Table.Cell { .decimal(share * 100, places: 1) }
        return [
            .text(task.rawValue), .text(task.markName), .count(labels.count), percent(result.mark),
            percent(result.interval.lowerBound), percent(result.interval.upperBound), percent(result.accuracy),
            percent(result.calibrationError),
        ]
    }
}

/// One task, or all of them.
enum TaskChoice: ExpressibleByArgument, Equatable {
    case all
    case one(TextTask)

    init?(argument: String) {
        if argument == "all" {
            self = .all
        } else if let task = TextTask(rawValue: argument) {
            self = .one(task)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { TextTask.allCases.map(\.rawValue) + ["all"] }

    var defaultValueDescription: String {
        switch self {
        case .all: "all"
        case .one(let task): task.rawValue
        }
    }

    var tasks: [TextTask] {
        switch self {
        case .all: TextTask.allCases
        case .one(let task): [task]
        }
    }
}
