/// Why a text is no cron expression, with a mark under the field at fault.
package struct CronError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The expression, one space between its fields.
    package let text: String
    /// Index of the field at fault; `nil` when it is the whole.
    package let field: Int?
    package let reason: String

    package var description: String {
        let fields = text.split(separator: " ")
        guard let field, field < fields.count else { return "'\(text)' is no cron expression: \(reason)" }
        let before = fields[..<field].reduce(0) { $0 + $1.count + 1 }
        let mark = String(repeating: " ", count: before) + String(repeating: "^", count: fields[field].count)
        return "\(reason)\n  \(text)\n  \(mark)"
    }
}
