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
    struct Entry: Equatable, Sendable {
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

    private static let pageBits = 7
    private static let pageSize = 1 << pageBits

    let rules: Rules
    /// The 128 ASCII characters: their small letter; 0 for a dropped one, 1 for a space; the top bit for punctuation.
    let ascii: [UInt8]
    /// The forms of characters that change, in UTF-8, one behind the other.
    private(set) var forms: [UInt8] = []
    /// The first entry of each page of 128 scalars; equal pages are one.
    private var pages: [UInt32] = []
    private var entries: [Entry] = []

    /// The entry of a scalar.
    @inline(__always)
    subscript(scalar: UInt32) -> Entry {
        entries[Int(pages[Int(scalar >> UInt32(Self.pageBits))]) + Int(scalar) & (Self.pageSize - 1)]
    }

    /// The tables of the rules that nearly every BERT uses.
    static let uncased = BertCharacters(Rules())

    init(_ rules: Rules) {
        self.rules = rules
        ascii = (0..<128).map { Self.ascii(Unicode.Scalar(UInt8($0)), rules) }
        // Most of the code space is alike in long stretches, told apart without a look at each character.
        var stretches: [Kind: UInt32] = [:]
        for start in stride(from: UInt32(0), to: 0x110000, by: Self.pageSize) {
            guard let kind = stretch(start) else {
                pages.append(UInt32(entries.count))
                for value in start..<start + UInt32(Self.pageSize) {
                    entries.append(Unicode.Scalar(value).map { entry($0) } ?? Entry(.word))
                }
                continue
            }
            if let page = stretches[kind] {
                pages.append(page)
            } else {
                stretches[kind] = UInt32(entries.count)
                pages.append(UInt32(entries.count))
                entries += [Entry](repeating: Entry(kind), count: Self.pageSize)
            }
        }
    }

    private static func ascii(_ scalar: Unicode.Scalar, _ rules: Rules) -> UInt8 {
        let byte = UInt8(scalar.value)
        if rules.cleansText, isControl(scalar) { return 0 }
        if scalar.properties.isWhitespace { return 1 }
        if isPunctuation(scalar) { return byte | 0x80 }
        return rules.lowercases && 0x41...0x5A ~= byte ? byte | 0x20 : byte
    }

    /// The kind of a whole page of characters that keep their form; `nil` where they differ.
    private func stretch(_ start: UInt32) -> Kind? {
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

    private mutating func entry(_ scalar: Unicode.Scalar) -> Entry {
        if rules.cleansText, scalar.value == 0 || scalar.value == 0xFFFD || Self.isControl(scalar) {
            return Entry(.dropped)
        }
        if scalar.properties.isWhitespace { return Entry(.space) }
        let decomposed = rules.stripsAccents ? Self.decomposed(scalar) : [scalar]
        let kept = rules.stripsAccents ? decomposed.filter { !Self.isAccent($0) } : decomposed
        if kept.isEmpty { return Entry(.stripped, isOrdered: Self.combiningClass(scalar) != 0) }
        let form = rules.lowercases ? kept.flatMap { Self.lowercased($0) } : kept
        let isSingle = rules.separatesIdeographs && Self.isIdeograph(scalar) || form.contains(where: Self.isPunctuation)
        let kind = isSingle ? Kind.single : .word
        let isOrdered = rules.stripsAccents && form.contains { Self.combiningClass($0) != 0 }
        guard form != [scalar] else { return Entry(kind, isOrdered: isOrdered) }
        let start = forms.count
        for scalar in form { forms += UTF8.encode(scalar)! }
        return Entry(kind, form: start..<forms.count, isOrdered: isOrdered)
    }
}
