/// Rows for people, spreadsheets and programs: one value, printed as an aligned table, TSV, CSV or JSON.
struct Table {
    enum Cell: Equatable {
        case text(String)
        case integer(Int64)
        /// A number with its decimals.
        case decimal(Double, places: Int)
        case missing
    }

    let columns: [String]
    private(set) var rows: [[Cell]] = []

    init(_ columns: [String], rows: [[Cell]] = []) {
        self.columns = columns
        self.rows = rows
    }

    mutating func add(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
        rows.append(cells)
    }

    func printed(as format: OutputFormat) -> String {
        switch format {
        case .table: aligned()
        case .tsv: separated(by: "\t", quote: tabSafe)
        case .csv: separated(by: ",", quote: quoted)
        case .json: json()
        }
    }

    private func aligned() -> String {
        let texts = rows.map { $0.map(\.human) }
        let widths = columns.indices.map { column in
            max(columns[column].count, texts.map { $0[column].count }.max() ?? 0)
        }
        func line(_ cells: [String], numeric: [Bool]) -> String {
            let padded = cells.indices.map { column in
                let gap = String(repeating: " ", count: max(0, widths[column] - cells[column].count))
                return numeric[column] ? gap + cells[column] : cells[column] + gap
            }
            var text = padded.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text
        }
        let numeric = columns.indices.map { column in
            rows.allSatisfy { $0[column].isNumber || $0[column] == .missing } && !rows.isEmpty
        }
        let head = line(columns, numeric: numeric)
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        return ([head, rule] + texts.map { line($0, numeric: numeric) }).joined(separator: "\n") + "\n"
    }

    private func separated(by separator: String, quote: (String) -> String) -> String {
        let lines = [columns.map(quote)] + rows.map { $0.map { quote($0.plain) } }
        return lines.map { $0.joined(separator: separator) + "\n" }.joined()
    }

    /// RFC 4180.
    private func quoted(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private func tabSafe(_ text: String) -> String {
        String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 })
    }

    private func json() -> String {
        let objects = rows.map { row in
            let fields = zip(columns, row).map { "\(JSONText.quoted($0)):\($1.json)" }
            return "{" + fields.joined(separator: ",") + "}"
        }
        return "[" + objects.joined(separator: ",\n ") + "]\n"
    }
}

extension Table.Cell {
    static func count(_ value: Int) -> Self { .integer(Int64(value)) }

    var isNumber: Bool {
        switch self {
        case .integer, .decimal: true
        case .text, .missing: false
        }
    }

    /// With thousands apart, for reading.
    var human: String {
        switch self {
        case .text(let text): text.map { $0.isNewline || $0 == "\t" ? " " : String($0) }.joined()
        case .integer(let value): Figures.grouped(value)
        case .decimal(let value, let places): Figures.decimal(value, places: places)
        case .missing: "–"
        }
    }

    /// Without grouping, for programs; empty when missing.
    var plain: String {
        switch self {
        case .text(let text): text
        case .integer(let value): String(value)
        case .decimal(let value, let places): Figures.decimal(value, places: places)
        case .missing: ""
        }
    }

    var json: String {
        switch self {
        case .text(let text): JSONText.quoted(text)
        case .integer, .decimal: plain
        case .missing: "null"
        }
    }
}

/// JSON strings for output.
enum JSONText {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
