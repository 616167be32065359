import Synchronization

/// What a character is to the scanner.
enum ScalarClass: UInt32 {
    /// Ends a token.
    case separator
    /// Part of a word.
    case word
    /// A combining mark: part of the word that it follows.
    case mark
    /// Skipped within a word.
    case ignorable
    /// A token of its own: scripts without spaces, emoji.
    case single
    /// A mark or vowel that melts into the single character before it, as the voicing marks of Kana do.
    case joiner
    /// An emoji: a token of its own, and no part of a tag.
    case symbol
    /// Full-width `＃`, `＄`, `＠`.
    case sigil
}

/// The classes and folded forms of all non-ASCII characters, learned in blocks of 256 when a text first needs them.
///
/// Learning everything at once would take a second; a text in one script needs a few blocks. A table belongs to one thread
/// and is asked without locks; what one thread has learned the others copy.
struct ScalarTable {
    struct Entry {
        let rawValue: UInt32

        init(_ kind: ScalarClass, folded: UInt32, isComplex: Bool) {
            rawValue = folded | kind.rawValue << 24 | (isComplex ? 1 << 31 : 0)
        }

        init(rawValue: UInt32) { self.rawValue = rawValue }

        var kind: ScalarClass { ScalarClass(rawValue: rawValue >> 24 & 0x7F) ?? .separator }
        /// The folded character; meaningless when complex.
        var folded: UInt32 { rawValue & 0x1F_FFFF }
        /// Folding gives several characters, or depends on the neighbours: the token has to be folded as a whole.
        var isComplex: Bool { rawValue >> 31 == 1 }
    }

    /// The start of each learned block in `entries`, or -1.
    private var starts = [Int32](repeating: -1, count: 0x110000 / 256)
    private var entries: [UInt32] = []

    /// The entry of a non-ASCII character.
    mutating func entry(_ scalar: UInt32) -> Entry {
        let block = Int(scalar >> 8)
        if starts[block] < 0 { learn(block) }
        return Entry(rawValue: entries[Int(starts[block]) + Int(scalar & 0xFF)])
    }

    /// Learned by any thread; at most 4,352 blocks of a kilobyte.
    private static let learned = Mutex<[Int: [UInt32]]>([:])

    private mutating func learn(_ block: Int) {
        starts[block] = Int32(entries.count)
        if let known = Self.learned.withLock({ $0[block] }) {
            entries += known
            return
        }
        let new = (0..<256).map { low in
            Unicode.Scalar(UInt32(block << 8 | low)).map { Self.entry(of: $0) }?.rawValue ?? 0
        }
        Self.learned.withLock { $0[block] = new }
        entries += new
    }

    private static func entry(of scalar: Unicode.Scalar) -> Entry {
        let value = scalar.value
        // The big blocks fold to themselves; asking Foundation 50,000 times would cost more than the first million posts.
        if isPlainSingle(value) { return Entry(.single, folded: value, isComplex: false) }
        let kind = kind(of: scalar)
        switch kind {
        case .separator, .ignorable, .sigil, .symbol: return Entry(kind, folded: value, isComplex: false)
        case .mark, .joiner: return Entry(kind, folded: value, isComplex: true)
        case .word, .single: break
        }
        let folded = Array(CaseFolding.fold(String(scalar)).unicodeScalars)
        guard folded.count == 1, let only = folded.first else { return Entry(kind, folded: value, isComplex: true) }
        // The circled ideograph ㊉ is a number, but folds to a character of a script without spaces.
        let foldedKind = only.isASCII ? .word : Self.kind(of: only)
        // Leading conjoining jamo compose with what follows, though alone they fold to themselves.
        let isComplex = (foldedKind != .word && foldedKind != .single) || isLeadingJamo(only.value)
        return Entry(isComplex ? kind : foldedKind, folded: only.value, isComplex: isComplex)
    }

    private static func kind(of scalar: Unicode.Scalar) -> ScalarClass {
        let value = scalar.value
        if isPlainSingle(value) { return .single }
        if CaseFolding.isIgnorable(scalar) { return .ignorable }
        if [0xFF03, 0xFF04, 0xFF20].contains(value) { return .sigil }
        if isJoiner(value) { return .joiner }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return isSpaceless(value) ? .single : .word
        case .nonspacingMark, .spacingMark:
            // Thai and its neighbours: a mark is a token, so that a term is found inside a run of text.
            return isSpaceless(value) && !(0x302A...0x302F).contains(value) ? .single : .mark
        case .decimalNumber, .letterNumber, .otherNumber:
            return value == 0x3007 || (0x3021...0x3029).contains(value) ? .single : .word
        default: break
        }
        return isEmoji(scalar) ? .symbol : .separator
    }

    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        // Below the arrows the emoji property belongs to signs such as ™, which rather separate.
        scalar.value >= 0x2190 && (scalar.properties.isEmojiPresentation || scalar.properties.isEmoji)
    }

    private static func isPlainSingle(_ value: UInt32) -> Bool {
        switch value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x20000...0x2A6DF: true
        case 0x3131...0x318E: true  // Hangul letters, as in ㅋㅋㅋ: kept apart from the conjoining ones
        default: false
        }
    }

    private static func isLeadingJamo(_ value: UInt32) -> Bool {
        (0x1100...0x115F).contains(value) || (0xA960...0xA97F).contains(value)
    }

    private static func isJoiner(_ value: UInt32) -> Bool {
        switch value {
        case 0x3099, 0x309A, 0xFF9E, 0xFF9F: true  // voicing marks
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: true  // vowels and finals of decomposed Hangul
        case 0xFFC2...0xFFDC: true  // half-width Hangul vowels
        default: false
        }
    }

    private static func isSpaceless(_ value: UInt32) -> Bool {
        switch value {
        case 0x0E00...0x0EFF: true  // Thai, Lao
        case 0x1000...0x109F, 0xA9E0...0xA9FF, 0xAA60...0xAA7F: true  // Myanmar
        case 0x1100...0x115F, 0xA960...0xA97F, 0xFFA0...0xFFBE: true  // Hangul jamo
        case 0x1780...0x17FF, 0x19E0...0x19FF: true  // Khmer
        case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x302F: true  // Han radicals and marks
        case 0x3038...0x303B, 0xF900...0xFAFF, 0x20000...0x3FFFF: true  // Han
        case 0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D, 0x1AFF0...0x1B16F: true  // Kana
        case 0x3100...0x312F, 0x31A0...0x31BF: true  // Bopomofo
        default: false
        }
    }
}
