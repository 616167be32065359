#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A value of a record, where it lies, whatever format the record has.
struct RawValue {
    enum Kind: UInt8 {
        /// Not in the record.
        case absent
        case null
        /// A JSON string without escapes, or a CSV cell without doubled quotes.
        case text
        case escapedText
        case doubledText
        case number
        /// `true` or `false`.
        case word
        case list
        case object
    }

    let kind: Kind
    let start: UnsafePointer<UInt8>
    let count: Int

    var isPresent: Bool { kind.rawValue > Kind.null.rawValue }
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    init(kind: Kind, start: UnsafePointer<UInt8>, count: Int) {
        self.kind = kind
        self.start = start
        self.count = count
    }

    init(_ text: JSONText) {
        self.init(kind: text.isEscaped ? .escapedText : .text, start: text.start, count: text.count)
    }

    init(_ number: JSONNumber) { self.init(kind: .number, start: number.start, count: number.count) }

    /// An empty cell is no value: CSV has no other way to say so.
    init(_ cell: CSVCell) {
        let kind: Kind = cell.count == 0 ? .null : cell.hasDoubledQuotes ? .doubledText : .text
        self.init(kind: kind, start: cell.start, count: cell.count)
    }

    /// The value as text; numbers and words as they are written.
    func text(_ target: MappingTarget) throws(RecordFault) -> String {
        switch kind {
        case .absent, .null: return ""
        case .text: return try string()
        case .number, .word: return String(decoding: bytes, as: UTF8.self)
        case .escapedText: return try JSONText(start: start, count: count, isEscaped: true, isASCII: false).string()
        case .doubledText:
            return try undoubled().withUnsafeBufferPointer { (copy) throws(RecordFault) in
                guard let start = copy.baseAddress else { return "" }
                return try RawValue(kind: .text, start: start, count: copy.count).string()
            }
        case .list, .object: throw RecordFault("'\(target.name)' must be a text, a number, true or false")
        }
    }

    /// The bytes as they lie there; NUL becomes U+FFFD, since PostgreSQL's text cannot hold it.
    func string() throws(RecordFault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw JSONText.notUTF8 }
        guard memchr(start, 0, count) != nil else { return text }
        return text.replacing("\0", with: "\u{FFFD}")
    }

    private func undoubled() -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(count)
        var at = 0
        while at < count {
            copy.append(start[at])
            at += start[at] == 0x22 ? 2 : 1
        }
        return copy
    }
}
