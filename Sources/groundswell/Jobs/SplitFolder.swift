import Feeds
import Foundation
import Text

/// A folder with the splits of text tasks, as JSON Lines or in TweetEval's own layout.
struct SplitFolder {
    let path: String

    /// The targets that TweetEval has a folder for, by the order in which they are scored.
    static let targets = ["abortion", "atheism", "climate", "feminist", "hillary"]

    /// The split of a task; `nil` when the folder has none.
    ///
    /// - Throws: `CommandError` that names the file and what is wrong with it.
    func split(_ name: String, of task: TextTask) throws -> TaskSplit? {
        let files = ["", ".gz", ".zst"].map { "\(path)/\(task.rawValue).\(name).jsonl\($0)" }
        if let file = files.first(where: FileManager.default.fileExists) { return try lines(file, task) }
        guard task.hasTarget else { return try plain("\(path)/\(task.rawValue)", name, TaskSplit(task: task)) }
        var whole: TaskSplit?
        for target in Self.targets {
            let part = try plain("\(path)/\(task.rawValue)/\(target)", name, whole ?? TaskSplit(task: task), target)
            whole = part ?? whole
        }
        return whole
    }

    private func lines(_ file: String, _ task: TextTask) throws -> TaskSplit {
        var split = TaskSplit(task: task)
        var labels: [Int] = []
        for (index, line) in try Self.lines(of: file).enumerated() {
            guard let record = try? JSONDecoder().decode(Record.self, from: Data(line)) else {
                throw CommandError("\(file):\(index + 1): not an object with a text")
            }
            if task.hasTarget {
                guard let target = record.target else { throw CommandError("\(file):\(index + 1): no target") }
                split.targets.append(target)
            }
            split.texts.append(record.text)
            if let label = record.label { labels.append(label) }
        }
        return try split.labelled(labels, file)
    }

    /// Adds the lines of `FOLDER/NAME_text.txt` and, where there is one, `FOLDER/NAME_labels.txt`.
    private func plain(
        _ folder: String, _ name: String, _ before: TaskSplit, _ target: String? = nil
    ) throws
        -> TaskSplit?
    {
        let (texts, labels) = ("\(folder)/\(name)_text.txt", "\(folder)/\(name)_labels.txt")
        guard FileManager.default.fileExists(atPath: texts) else { return nil }
        var split = before
        split.texts += try Self.lines(of: texts).map { String(decoding: $0, as: UTF8.self) }
        if let target { split.targets += repeatElement(target, count: split.texts.count - before.texts.count) }
        guard FileManager.default.fileExists(atPath: labels) else { return try split.labelled([], labels) }
        let numbers = try Self.lines(of: labels).map { line in
            let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespaces)
            guard let label = Int(text) else { throw CommandError("\(labels): '\(text)' is no class number") }
            return label
        }
        return try split.labelled((before.labels ?? []) + numbers, labels)
    }

    private static func lines(of file: String) throws -> [[UInt8]] {
        let reader = try LineFile(path: file)
        var lines: [[UInt8]] = []
        while var line = try reader.next() {
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            lines.append(line)
        }
        return lines
    }

    private struct Record: Decodable {
        let text: String
        let label: Int?
        let target: String?
    }
}

extension TaskSplit {
    /// The split with these labels, which are as many as its texts or none.
    fileprivate func labelled(_ labels: [Int], _ file: String) throws -> TaskSplit {
        guard labels.isEmpty || labels.count == texts.count else {
            throw CommandError("\(file): \(labels.count) labels for \(texts.count) texts")
        }
        if let wrong = labels.first(where: { !task.classes.indices.contains($0) }) {
            throw CommandError("\(file): \(wrong) is no class of \(task.rawValue): \(task.classes)")
        }
        var split = self
        split.labels = labels.isEmpty ? nil : labels
        return split
    }
}
