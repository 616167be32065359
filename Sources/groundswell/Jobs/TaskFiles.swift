import Feeds
import Foundation
import Text
import Training

/// A folder with the texts that a deep model learns from: splits of tasks, and auxiliary tasks beside them.
struct TaskFiles {
    let folder: String

    /// The training and validation texts of a task; `nil` when the folder does not have both.
    func records(of task: TextTask) throws -> TaskRecords? {
        let splits = SplitFolder(path: folder)
        guard let training = try splits.split("train", of: task), let validation = try splits.split("val", of: task)
        else { return nil }
        for split in [training, validation] where split.labels == nil {
            throw CommandError("\(folder): the texts of \(task.rawValue) have no labels")
        }
        return TaskRecords(
            name: task.rawValue, task: task, training: Self.records(training), validation: Self.records(validation))
    }

    /// The training texts of an auxiliary task, `NAME.train.jsonl`, plain or compressed; `nil` when there are none.
    func auxiliary(_ name: String) throws -> TaskRecords? {
        let files = ["", ".gz", ".zst"].map { "\(folder)/\(name).train.jsonl\($0)" }
        guard let path = files.first(where: FileManager.default.fileExists) else { return nil }
        let file = try LineFile(path: path)
        var records: [TaskRecord] = []
        var number = 0
        while let line = try file.next() {
            number += 1
            guard let record = try? JSONDecoder().decode(TaskRecord.self, from: Data(line)) else {
                throw CommandError("\(path):\(number): not an object with a text and a label or labels")
            }
            records.append(record)
        }
        return TaskRecords(name: name, task: nil, training: records)
    }

    private static func records(_ split: TaskSplit) -> [TaskRecord] {
        split.texts.indices.map { index in
            TaskRecord(
                text: split.texts[index], label: split.labels?[index],
                target: split.task.hasTarget ? split.targets[index] : nil)
        }
    }
}
