/// Gives each distinct key a small number, in the order of first sight.
struct Numbering<Key: Equatable & Sendable>: Sendable {
    private(set) var keys: [Key] = []
    /// Key number plus 1 in the lower half, 0 for a free slot; in the upper half 32 bits of the hash.
    ///
    /// So a wrong key is seldom read, growing reads none, and a lookup, which mostly waits for memory, reads one word.
    /// The count is a power of two and at least twice that of the keys.
    private var slots = [UInt64](repeating: 0, count: 64)

    var count: Int { keys.count }

    func number(of key: Key, hash: UInt64) -> Int? {
        let mark = hash >> 32
        var slot = Int(mark) & (slots.count - 1)
        while slots[slot] != 0 {
            if slots[slot] >> 32 == mark {
                let number = Int(truncatingIfNeeded: slots[slot] & 0xffff_ffff) - 1
                if keys[number] == key { return number }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Numbers a key that has no number yet.
    mutating func add(_ key: Key, hash: UInt64) -> Int {
        keys.append(key)
        place((hash >> 32) << 32 | UInt64(keys.count))
        if keys.count * 2 > slots.count { grow() }
        return keys.count - 1
    }

    private mutating func place(_ entry: UInt64) {
        var slot = Int(entry >> 32) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for entry in old where entry != 0 { place(entry) }
    }
}
