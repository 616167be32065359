import Foundation
import Text

/// Prints reasons: for people the text with its words marked and a list of the heaviest, for programs a row a word.
final class ReasonsPage {
    private let models: [String]
    private let top: Int
    private let format: OutputFormat
    private let marks: WordMarks
    private var rows = Table([
        "text", "model", "task", "label", "probability", "word", "from", "to", "weight",
    ])
    private var count = 0

    init(models: [String], top: Int, format: OutputFormat, isColoured: Bool) {
        self.models = models
        self.top = top
        self.format = format
        marks = WordMarks(isColoured: isColoured)
    }

    /// - Parameter reasons: those of each model for the text.
    func show(_ text: String, _ reasons: [Reasons]) {
        count += 1
        if format == .table {
            Terminal.write((count > 1 ? "\n" : "") + Self.page(text, reasons, models, top, marks))
        } else {
            for (model, reasons) in zip(models, reasons) { add(text, reasons, model) }
        }
    }

    func finish() {
        if format != .table { Terminal.write(rows.printed(as: format)) }
    }

    private func add(_ text: String, _ reasons: Reasons, _ model: String) {
        for word in reasons.words {
            rows.add([
                .count(count), .text(model), .text(reasons.task.rawValue), .text(reasons.labelName),
                .decimal(Double(reasons.probabilities[reasons.label]), places: 4),
                .text(TextWords.text(of: word.range, in: text)), .count(word.range.lowerBound),
                .count(word.range.upperBound), .decimal(word.weight, places: 4),
            ])
        }
    }

    static func page(
        _ text: String, _ reasons: [Reasons], _ models: [String], _ top: Int, _ marks: WordMarks
    ) -> String {
        var page = ""
        for (model, reasons) in zip(models, reasons) {
            let chances = zip(reasons.task.classes, reasons.probabilities).map {
                "\($0) \(Figures.decimal(Double($1), places: 2))"
            }
            page += "\(reasons.labelName)  (\(chances.joined(separator: ", ")); \(model))\n"
            page += marks.marked(text, reasons.words) + "\n"
        }
        let table =
            top == 0 ? nil : reasons.count == 1 ? list(text, reasons[0], top) : comparison(text, reasons, models)
        return page + (table?.printed(as: .table) ?? "")
    }

    private static func list(_ text: String, _ reasons: Reasons, _ top: Int) -> Table {
        Table(
            ["word", "weight"],
            rows: reasons.top(top).map { word in
                [.text(TextWords.text(of: word.range, in: text)), .text(Self.signed(word.weight))]
            })
    }

    /// All words in the order of the text, since models differ in what they hold for heavy.
    private static func comparison(_ text: String, _ reasons: [Reasons], _ models: [String]) -> Table {
        var table = Table(["word"] + models)
        table.add([.text("label")] + reasons.map { .text($0.labelName) })
        for index in reasons[0].words.indices {
            table.add(
                [.text(TextWords.text(of: reasons[0].words[index].range, in: text))]
                    + reasons.map { .text(Self.signed($0.words[index].weight)) })
        }
        return table
    }

    static func signed(_ weight: Double) -> String {
        (weight < 0 ? "-" : "+") + Figures.decimal(abs(weight), places: 2)
    }
}

/// Marks the words of a text by their weight: with colours, or with the weight behind the word.
struct WordMarks {
    let isColoured: Bool

    /// Words that weigh less than this share of the heaviest are left plain.
    private static let faintest = 0.1
    /// Backgrounds of words that speak for the label and against it, from faint to strong, of the 256 colours.
    private static let backgrounds = (for: [22, 28, 34], against: [52, 88, 124])

    func marked(_ text: String, _ words: [Reasons.Word]) -> String {
        let bytes = Array(text.utf8)
        let heaviest = words.reduce(0) { max($0, abs($1.weight)) }
        var result = ""
        var place = 0
        func plain(_ range: Range<Int>) -> String { Terminal.visible(String(decoding: bytes[range], as: UTF8.self)) }
        for word in words {
            result += plain(place..<word.range.lowerBound)
            let strength = heaviest > 0 ? abs(word.weight) / heaviest : 0
            let text = plain(word.range)
            result += strength < Self.faintest ? text : mark(text, word.weight, strength)
            place = word.range.upperBound
        }
        return result + plain(place..<bytes.count)
    }

    private func mark(_ word: String, _ weight: Double, _ strength: Double) -> String {
        guard isColoured else { return "[\(word) \(ReasonsPage.signed(weight))]" }
        let shades = weight > 0 ? Self.backgrounds.for : Self.backgrounds.against
        let shade = shades[min(Int(strength * Double(shades.count)), shades.count - 1)]
        return "\u{1B}[97;48;5;\(shade)m\(word)\u{1B}[0m"
    }
}

extension Reasons {
    var labelName: String { task.classes[label] }
}

extension Terminal {
    /// Whether colours will be seen and are wanted; see https://no-color.org.
    static var takesColours: Bool {
        let environment = ProcessInfo.processInfo.environment
        return isOutputTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }
}
