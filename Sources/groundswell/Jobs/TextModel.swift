import Domain
import Foundation
import Text

/// What a model says of one text.
struct TextAnswer: Equatable, Sendable {
    /// Calibrated, one for each class of the task.
    var probabilities: [Float]
    var label: Int
}

/// A model as commands name it: `fast`, `deep`, or a folder.
enum TextModel: Sendable {
    case fast(SentimentModel)
    case deep(DeepModel)

    init(_ name: String, models: String) throws {
        let base = "\(models)/\(DeepModel.baseName)"
        switch name {
        case "fast": self = .fast(try SentimentModel(directory: "\(models)/fast-sentiment"))
        case "deep": self = .deep(try DeepModel(directory: "\(models)/\(DeepModel.folderName)", base: base))
        default:
            // A fast model's configuration names classes, a deep one's tasks.
            let path = "\(name)/config.json"
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw CommandError("no model '\(name)': say fast, deep, or a folder with config.json")
            }
            let isDeep = (try? JSONDecoder().decode(DeepConfiguration.self, from: bytes)) != nil
            self =
                isDeep
                ? .deep(try DeepModel(directory: name, base: base)) : .fast(try SentimentModel(directory: name))
        }
    }

    /// The name of the best model that a folder of models holds.
    static func best(in models: String) -> String {
        let needed = [DeepModel.folderName, DeepModel.baseName].map { "\(models)/\($0)/model.safetensors" }
        return needed.allSatisfy(FileManager.default.fileExists) ? "deep" : "fast"
    }

    var version: String {
        switch self {
        case .fast(let model): model.version
        case .deep(let model): model.version
        }
    }

    /// The tasks that it answers.
    var tasks: [TextTask] {
        switch self {
        case .fast: [.sentiment]
        case .deep(let model): model.tasks
        }
    }

    /// Why each text gets its label, of a task that the model answers.
    func reasons(for texts: [String], task: TextTask, target: String?) -> [Reasons] {
        switch self {
        case .fast(let model): model.reasons(for: texts)
        case .deep(let model): texts.compactMap { model.reasons(for: $0, task: task, target: target) }
        }
    }

    /// Texts that one thread reads at once.
    private static let share = 256

    /// An answer for each text of the split, on all cores.
    func answers(_ split: TaskSplit) async throws -> [TextAnswer] {
        let starts = stride(from: 0, to: split.texts.count, by: Self.share)
        return await withTaskGroup(of: (Int, [TextAnswer]).self) { group in
            for start in starts {
                let range = start..<min(start + Self.share, split.texts.count)
                group.addTask { (start, answers(split, range)) }
            }
            var parts: [Int: [TextAnswer]] = [:]
            for await (start, part) in group { parts[start] = part }
            return starts.flatMap { parts[$0] ?? [] }
        }
    }

    /// The sentiment of texts, on the thread of the caller.
    func answers(to texts: [String]) -> [TextAnswer] {
        answers(TaskSplit(task: .sentiment, texts: texts), texts.indices)
    }

    private func answers(_ split: TaskSplit, _ range: Range<Int>) -> [TextAnswer] {
        let texts = Array(split.texts[range])
        switch self {
        case .fast(let model): return model.score(texts).map(TextAnswer.init)
        case .deep(let model) where split.task.hasTarget:
            var answers = [TextAnswer?](repeating: nil, count: texts.count)
            for (target, indices) in Dictionary(grouping: range, by: { split.targets[$0] }) {
                for (index, score) in zip(indices, model.stance(indices.map { split.texts[$0] }, towards: target)) {
                    answers[index - range.lowerBound] = TextAnswer(score)
                }
            }
            return answers.compactMap(\.self)
        case .deep(let model):
            return model.read(texts).compactMap { $0[split.task].map(TextAnswer.init) }
        }
    }
}

extension TextAnswer {
    init(_ score: TaskScore) { self.init(probabilities: score.probabilities, label: score.label) }

    init(_ sentiment: Sentiment) {
        probabilities = [sentiment.negative, sentiment.neutral, sentiment.positive].map {
            Float($0) / Float(Sentiment.one)
        }
        label = Int(sentiment.label.rawValue)
    }
}
