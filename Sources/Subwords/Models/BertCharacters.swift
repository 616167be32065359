/// What BERT's normaliser and its splitting into words make of every Unicode character.
///
/// One character at a time: control characters go, spaces are one, ideographs and punctuation stand alone, the rest is
/// decomposed, loses its accents and becomes small. Tables for all characters are built once, in a few milliseconds,
/// and then each costs two loads.
///
/// The reference reads categories from Unicode 8 and decompositions from Unicode 12. Newer characters are for it of no
/// category, and so they are here: checked for every scalar against `tokenizers` 0.23.3.
struct BertCharacters: Sendable {
    /// What becomes of a character.
    enum Kind: UInt32 {
        /// Part of a word, in another form or its own.
        case word
        /// A word of its own: punctuation or an ideograph.
        case single
        /// Ends a word.
        case space
        /// Removed before all else, as if it had not been there.
        case dropped
        /// An accent that is removed; the order of accents around it was settled with it in place.
        case stripped
    }

    /// An entry of the table, in four bytes.
    struct Entry: Hashable, Sendable {
        private let bits: UInt32

        /// - Parameter form: the place of the new form in the pool; `nil` keeps the character's own bytes.
        init(_ kind: Kind, form: Range<Int>? = nil, isOrdered: Bool = false) {
            let place = form.map { UInt32($0.lowerBound) << 10 | UInt32($0.count) << 4 } ?? 0
            bits = kind.rawValue | (isOrdered ? 8 : 0) | place
        }

        var kind: Kind { Kind(rawValue: bits & 7) ?? .word }
        /// A combining mark that must take its canonical place among its neighbours.
        var isOrdered: Bool { bits & 8 != 0 }
        var formCount: Int { Int(bits >> 4 & 63) }
        var formStart: Int { Int(bits >> 10) }
    }

    /// For other normalisers than the usual: `nil` where the file says so.
    struct Rules: Hashable, Sendable {
        var cleansText = true
        var separatesIdeographs = true
        var stripsAccents = true
        var lowercases = true
    }

    static let droppedASCII: UInt8 = 0x80
    static let spaceASCII: UInt8 = 0x81

    let rules: Rules
    /// The 128 ASCII characters: their small letter; one of the two marks below; with the top bit, punctuation.
    let ascii: [UInt8]
    /// The forms of characters that change, in UTF-8, one behind the other.
    let forms: [UInt8]
    private let entries: ScalarTable<Entry>

    /// The entry of a scalar.
    @inline(__always)
    subscript(scalar: UInt32) -> Entry { entries[scalar] }

    /// The tables of one set of rules; those that nearly every BERT uses are built once.
    static func tables(_ rules: Rules) -> BertCharacters {
        switch rules {
        case uncased.rules: uncased
        case cased.rules: cased
        default: BertCharacters(rules)
        }
    }

    private static let uncased = BertCharacters(Rules())
    private static let cased = BertCharacters(Rules(stripsAccents: false, lowercases: false))

    private init(_ rules: Rules) {
        self.rules = rules
        ascii = (0..<128).map { Self.ascii(Unicode.Scalar(UInt8($0)), rules) }
        var forms: [UInt8] = []
        entries = ScalarTable(
            stretch: { start in Self.stretch(start, rules).map { Entry($0) } },
            entry: { scalar in Self.entry(scalar, rules, &forms) })
        self.forms = forms
    }

    private static func ascii(_ scalar: Unicode.Scalar, _ rules: Rules) -> UInt8 {
        let byte = UInt8(scalar.value)
        if rules.cleansText, isControl(scalar) { return droppedASCII }
        if scalar.properties.isWhitespace { return spaceASCII }
        if isPunctuation(scalar) { return byte | 0x80 }
        return rules.lowercases && 0x41...0x5A ~= byte ? byte | 0x20 : byte
    }

    /// The kind of a whole page of characters that keep their form; `nil` where they differ.
    private static func stretch(_ start: UInt32, _ rules: Rules) -> Kind? {
        switch start {
        // Syllables of Hangul fall apart into their letters.
        case 0xAC00..<0xD780: rules.stripsAccents ? nil : .word
        case 0x3400..<0x4D80, 0x4E00..<0xA000, 0x20000..<0x2A680, 0x2A700..<0x2B700, 0x2B780..<0x2B800,
            0x2B980..<0x2CE80:
            rules.separatesIdeographs ? .single : .word
        case 0x2A680, 0x2B700, 0x2B900, 0x2CE80, 0x2F800..<0x2FA80: nil
        case 0x2CF00..<0xE0000: .word
        // Private use, but for the last two of each plane, which are nothing at all.
        case 0xE000..<0xF900, 0xF0000..<0xFFF80, 0x100000..<0x10FF80: rules.cleansText ? .dropped : .word
        default: nil
        }
    }

    private static func entry(_ scalar: Unicode.Scalar, _ rules: Rules, _ forms: inout [UInt8]) -> Entry {
        if rules.cleansText, scalar.value == 0 || scalar.value == 0xFFFD || isControl(scalar) { return Entry(.dropped) }
        if scalar.properties.isWhitespace { return Entry(.space) }
        var form = rules.stripsAccents ? decomposed(scalar).filter { !isAccent($0) } : [scalar]
        if form.isEmpty { return Entry(.stripped, isOrdered: combiningClass(scalar) != 0) }
        if rules.lowercases { form = form.flatMap { lowercased($0) } }
        let isSingle = rules.separatesIdeographs && isIdeograph(scalar) || form.contains(where: isPunctuation)
        let kind = isSingle ? Kind.single : .word
        let isOrdered = rules.stripsAccents && form.contains { combiningClass($0) != 0 }
        guard form != [scalar] else { return Entry(kind, isOrdered: isOrdered) }
        let start = forms.count
        for scalar in form { forms += scalar.utf8 }
        return Entry(kind, form: start..<forms.count, isOrdered: isOrdered)
    }
}
