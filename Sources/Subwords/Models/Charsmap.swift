/// The table of replacements that SentencePiece compiles into its models, `precompiled_charsmap`.
///
/// A double-array trie of the strings to replace, then their replacements, each with a zero behind it. Like the
/// reference, it replaces by the shortest string of the table that a character begins with, also where more follows.
struct Charsmap: Sendable {
    private let units: [UInt32]
    private let replacements: [UInt8]

    /// - Parameter bytes: the size of the trie in bytes, the trie, the replacements; numbers are little-endian.
    init(_ bytes: [UInt8]) throws(SubwordError) {
        guard bytes.count >= 4 else { throw .unusable(reason: "precompiled_charsmap is too short") }
        let size = Int(Self.number(bytes, 0))
        guard size % 4 == 0, size <= bytes.count - 4 else {
            throw .unusable(reason: "precompiled_charsmap says it has a trie of \(size) bytes")
        }
        units = stride(from: 4, to: 4 + size, by: 4).map { Self.number(bytes, $0) }
        replacements = Array(bytes[(4 + size)...])
        guard String(validating: replacements, as: UTF8.self) != nil else {
            throw .unusable(reason: "the replacements of precompiled_charsmap are no UTF-8")
        }
    }

    private static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
    }

    /// What to put in place of some text; `nil` to leave it.
    func replacement(of key: Span<UInt8>) -> ArraySlice<UInt8>? {
        guard !units.isEmpty else { return nil }
        var place = Self.offset(units[0])
        for index in key.indices {
            let byte = key[index]
            place ^= Int(byte)
            guard byte != 0, place < units.count, units[place] & 0x8000_00FF == UInt32(byte) else { return nil }
            let unit = units[place]
            place ^= Self.offset(unit)
            guard unit & 0x100 != 0, place < units.count else { continue }
            let start = Int(units[place] & 0x7FFF_FFFF)
            guard start < replacements.count else { return nil }
            let rest = replacements[start...]
            return rest[..<(rest.firstIndex(of: 0) ?? rest.endIndex)]
        }
        return nil
    }

    private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 0x200) >> 6) }
}
