/// Finds the symbol of a token: a bitmap that turns nearly all tokens away, then a hash table with linear probing.
///
/// A class, so that asking it copies one reference and not that of every array in it.
final class SymbolTable: Sendable {
    /// All that one look-up needs lies together: with many queries the cost is in cache misses.
    private struct Slot {
        let hash: UInt64
        /// -1 for free slots.
        let symbol: Int32
        let start: Int32
        let count: Int32
        let role: UInt8

        static let free = Slot(hash: 0, symbol: -1, start: 0, count: 0, role: 0)
    }

    private let bitmap: [UInt64]
    private let bitmapShift: UInt64
    private let slots: [Slot]
    private let mask: Int
    private let bytes: [UInt8]
    /// Lengths in bytes of the prefixes to look up, ascending, for words and for tags.
    let wordPrefixes: [Int]
    let tagPrefixes: [Int]

    init(_ symbols: [Symbol]) {
        // 16 bits a symbol let 6 % of other tokens pass; 4,096 bits at least, which still fit the nearest cache.
        let bits = max(Self.log2(atLeast: symbols.count * 16), 12)
        let slotCount = 1 << Self.log2(atLeast: max(symbols.count * 2, 16))
        var bitmap = [UInt64](repeating: 0, count: 1 << (bits - 6))
        var slots = [Slot](repeating: .free, count: slotCount)
        var bytes: [UInt8] = []
        for (index, symbol) in symbols.enumerated() {
            let text = Array(symbol.text.utf8)
            let hash = text.withUnsafeBufferPointer { TokenHash.hash($0, seed: UInt64(symbol.role.rawValue)) }
            let bit = hash >> UInt64(64 - bits)
            bitmap[Int(bit >> 6)] |= 1 << (bit & 63)
            var slot = Int(truncatingIfNeeded: hash) & (slotCount - 1)
            while slots[slot].symbol >= 0 { slot = (slot + 1) & (slotCount - 1) }
            slots[slot] = Slot(
                hash: hash, symbol: Int32(index), start: Int32(bytes.count), count: Int32(text.count),
                role: symbol.role.rawValue)
            bytes += text
        }
        self.bitmap = bitmap
        bitmapShift = UInt64(64 - bits)
        self.slots = slots
        mask = slotCount - 1
        self.bytes = bytes
        wordPrefixes = Self.lengths(of: symbols, in: [Symbol.Role.word.prefix])
        tagPrefixes = Self.lengths(of: symbols, in: Sigil.allCases.map { Symbol.Role.tag($0).prefix })
    }

    /// The index of the symbol with these bytes in this role, or -1.
    @inline(__always)
    func find(_ token: UnsafeBufferPointer<UInt8>, _ role: Symbol.Role) -> Int32 {
        let hash = TokenHash.hash(token, seed: UInt64(role.rawValue))
        let bit = hash >> bitmapShift
        guard bitmap[Int(bit >> 6)] >> (bit & 63) & 1 == 1 else { return -1 }
        return probe(token, role, hash)
    }

    @inline(never)
    private func probe(_ token: UnsafeBufferPointer<UInt8>, _ role: Symbol.Role, _ hash: UInt64) -> Int32 {
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index].symbol >= 0 {
            let slot = slots[index]
            if slot.hash == hash, slot.role == role.rawValue, isEqual(token, to: slot) { return slot.symbol }
            index = (index + 1) & mask
        }
        return -1
    }

    /// Equal hashes are hardly ever different tokens, but counts must not rest on that.
    private func isEqual(_ token: UnsafeBufferPointer<UInt8>, to slot: Slot) -> Bool {
        guard token.count == Int(slot.count) else { return false }
        let start = Int(slot.start)
        for index in token.indices where !TokenHash.isEqual(token[index], bytes[start + index]) { return false }
        return true
    }

    private static func lengths(of symbols: [Symbol], in roles: [Symbol.Role]) -> [Int] {
        Set(symbols.filter { roles.contains($0.role) }.map(\.text.utf8.count)).sorted()
    }

    static func log2(atLeast count: Int) -> Int {
        var bits = 0
        while 1 << bits < count { bits += 1 }
        return bits
    }
}
