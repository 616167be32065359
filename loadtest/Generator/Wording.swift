/// A phrase book made ready for writing: all parts cut at their slots, their bytes in one array.
struct Wording: Sendable {
    enum Slot: UInt8, Sendable {
        case literal, brand, otherBrand, product, number, weekday, elongation

        init?(name: Character) {
            switch name {
            case "b": self = .brand
            case "o": self = .otherBrand
            case "p": self = .product
            case "n": self = .number
            case "d": self = .weekday
            default: return nil
            }
        }
    }

    struct Piece: Sendable {
        var slot: Slot
        /// The bytes of a literal in `bytes`.
        var start = 0
        var count = 0
    }

    /// A part's pieces in `pieces`.
    struct Part: Sendable {
        var start: Int
        var count: Int
    }

    struct Mood: Sendable {
        var openings: [Part] = []
        /// Sentences that name no other brand, and those that do.
        var cores: [Part] = []
        var comparisons: [Part] = []
        var closings: [Part] = []
        var emoji: [Part] = []
    }

    private(set) var bytes: [UInt8] = []
    private(set) var pieces: [Piece] = []
    let language: [UInt8]
    /// Negative, neutral, positive (0, 1, 2 as in labels), ironic, elsewhere.
    private(set) var moods: [Mood] = []
    static let ironic = 3
    static let elsewhere = 4
    private(set) var weekdays: [[UInt8]] = []

    init(_ book: PhraseBook) {
        language = Array(book.language.utf8)
        weekdays = book.weekdays.map { Array($0.utf8) }
        for part in book.parts {
            var mood = Mood()
            mood.openings = part.openings.map { add($0) }
            mood.cores = part.cores.filter { !$0.contains("{o}") }.map { add($0) }
            mood.comparisons = part.cores.filter { $0.contains("{o}") }.map { add($0) }
            mood.closings = part.closings.map { add($0) }
            mood.emoji = part.emoji.map { add($0) }
            moods.append(mood)
        }
    }

    private mutating func add(_ text: String) -> Part {
        let first = pieces.count
        var literal = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            precondition(
                character != "\"" && character != "\\" && character >= " ", "'\(text)' would need escaping in JSON")
            if character == "{" {
                flush(&literal)
                guard let name = rest.popFirst(), let slot = Slot(name: name), rest.popFirst() == "}" else {
                    preconditionFailure("'\(text)' has an unknown slot")
                }
                pieces.append(Piece(slot: slot))
            } else if character == "~" {
                precondition(literal.utf8.last.map { $0 < 0x80 } ?? false, "'\(text)' prolongs no ASCII letter")
                flush(&literal)
                pieces.append(Piece(slot: .elongation))
            } else {
                literal.append(character)
            }
        }
        flush(&literal)
        return Part(start: first, count: pieces.count - first)
    }

    private mutating func flush(_ literal: inout String) {
        guard !literal.isEmpty else { return }
        pieces.append(Piece(slot: .literal, start: bytes.count, count: literal.utf8.count))
        bytes.append(contentsOf: literal.utf8)
        literal = ""
    }
}
