/// The words of a text as GPT-2's pattern finds them, written out by hand.
///
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
enum BytePairWords {
    enum Kind: UInt8 {
        case letter
        case number
        case space
        case other
    }

    /// The end of the word that begins at `start`, which is no end of the text.
    static func end(ofWordAt start: Int, in text: Span<UInt8>) -> Int {
        if let end = contraction(start, text) { return end }
        // One space belongs to the word behind it.
        let first = text[start] == 0x20 ? start + 1 : start
        if first < text.count {
            let kind = kind(first, text)
            if kind != .space { return end(of: kind, first, text) }
        }
        return spaces(start, text)
    }

    private static func contraction(_ start: Int, _ text: Span<UInt8>) -> Int? {
        guard text[start] == UInt8(ascii: "'"), start + 1 < text.count else { return nil }
        let third = start + 2 < text.count ? text[start + 2] : 0
        switch (text[start + 1], third) {
        case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _):
            return start + 2
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return start + 3
        default: return nil
        }
    }

    private static func kind(_ position: Int, _ text: Span<UInt8>) -> Kind {
        var position = position
        return kinds[text.scalar(at: &position)]
    }

    private static func end(of kind: Kind, _ start: Int, _ text: Span<UInt8>) -> Int {
        var end = start
        while end < text.count {
            var next = end
            guard kinds[text.scalar(at: &next)] == kind else { break }
            end = next
        }
        return end
    }

    /// The end of spaces: all but the last where a word follows, since that one may belong to it.
    private static func spaces(_ start: Int, _ text: Span<UInt8>) -> Int {
        let end = end(of: .space, start, text)
        guard end < text.count else { return end }
        var last = end - 1
        while text[last] & 0xC0 == 0x80 { last -= 1 }
        return last > start ? last : end
    }

    private static let kinds = ScalarTable<Kind>(
        stretch: { start in
            switch start {
            case 0x3400..<0x4D80, 0x4E00..<0x9F80, 0xAC00..<0xD780, 0x20000..<0x2A680: .letter
            case 0xE000..<0xF900, 0x40000..<0x110000: .other
            default: nil
            }
        },
        entry: { scalar in
            if scalar.properties.isWhitespace { return .space }
            let kind: Kind
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: kind = .letter
            case .decimalNumber, .letterNumber, .otherNumber: kind = .number
            default: return .other
            }
            // The reference (`tokenizers` 0.23.3) reads Unicode 16: newer characters are of no kind for it.
            return scalar.properties.age.map { $0.major < 17 } ?? false ? kind : .other
        })
}
