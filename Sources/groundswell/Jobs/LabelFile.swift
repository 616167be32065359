import Domain
import Feeds
import Foundation
import Training

/// Reads texts with labels from JSON Lines, plain or compressed.
struct LabelFile {
    /// A labelled text and the value of the field that divides the evaluation.
    struct Row {
        let example: LabelledText
        let group: String?
    }

    var textField = "text"
    var labelField = "label"
    var groupField: String?
    /// How many classes there are; `nil` for any number.
    var classes: Int? = SentimentLabel.allCases.count

    /// Class numbers by what a label may be written as.
    private static let labels = Dictionary(
        uniqueKeysWithValues: SentimentLabel.allCases.map { ($0.name, Int($0.rawValue)) })

    /// - Throws: `CommandError` that names the file and line of the first row that is not an object with both fields.
    func rows(of path: String) throws -> [Row] {
        let file = try LineFile(path: path)
        var rows: [Row] = []
        var number = 0
        while let line = try file.next() {
            number += 1
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D }) else { continue }
            guard let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] else {
                throw CommandError("\(path):\(number): not a JSON object")
            }
            guard let text = object[textField] as? String else {
                throw CommandError("\(path):\(number): no text in the field '\(textField)'; --text-field names another")
            }
            if object[labelField] == nil, let emotions = object["labels"] as? [String] {
                // Several emotions, as in GoEmotions; contradictory ones say nothing of the sentiment.
                if let example = LabelledRecord(text: text, labels: emotions).labelled {
                    rows.append(Row(example: example, group: nil))
                }
                continue
            }
            let label =
                (object[labelField] as? NSNumber)?.intValue
                ?? (object[labelField] as? String).flatMap { Self.labels[$0.lowercased()] }
            guard let label, label >= 0, classes.map({ label < $0 }) ?? true else {
                throw CommandError(
                    "\(path):\(number): the field '\(labelField)' must be 0, 1, 2 or negative, neutral, positive")
            }
            let group = groupField.map { object[$0].map { "\($0)" } ?? "" }
            rows.append(Row(example: LabelledText(text: text, label: label), group: group))
        }
        guard !rows.isEmpty else { throw CommandError("\(path) holds no labelled text") }
        return rows
    }
}
