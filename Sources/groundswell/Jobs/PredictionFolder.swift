import Foundation
import Text

/// Predictions in TweetEval's form: one class number a line, in the order of the texts.
struct PredictionFolder {
    let path: String

    /// Writes `TASK.txt`, or `TASK/TARGET.txt` for each target.
    func write(_ labels: [Int], of split: TaskSplit) throws {
        precondition(labels.count == split.texts.count, "\(labels.count) labels for \(split.texts.count) texts")
        guard split.task.hasTarget else { return try write(labels, to: "\(split.task.rawValue).txt") }
        for target in split.distinctTargets {
            guard !target.contains("/"), !target.hasPrefix(".") else {
                throw CommandError("the target '\(target)' cannot name a file")
            }
            let chosen = zip(split.targets, labels).filter { $0.0 == target }.map(\.1)
            try write(chosen, to: "\(split.task.rawValue)/\(target).txt")
        }
    }

    private func write(_ labels: [Int], to name: String) throws {
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(labels.map { "\($0)\n" }.joined().utf8).write(to: file, options: .atomic)
        } catch {
            throw CommandError("cannot write \(file.path): \(error.localizedDescription)")
        }
    }
}
