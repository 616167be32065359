/// Gives each distinct text a small number, in the order of first sight.
///
/// All texts lie in one array of bytes, so that looking up a known one allocates nothing and touches no reference
/// count.
struct TextTable: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    /// The hash of each text, so that growing does not read the texts again.
    private var hashes: [UInt64] = []
    /// Text number plus 1, or 0 for a free slot; the count is a power of two and at least twice that of the texts.
    private var slots = [UInt32](repeating: 0, count: 64)

    var count: Int { ends.count }

    mutating func intern(_ text: String) -> Int {
        if let number = text.utf8.withContiguousStorageIfAvailable({ intern(UnsafeRawBufferPointer($0)) }) {
            return number
        }
        return Array(text.utf8).withUnsafeBytes { intern($0) }
    }

    mutating func intern(_ text: UnsafeRawBufferPointer) -> Int {
        let hash = SecretHash.hash(text)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if hashes[number] == hash, holds(text, number) { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        hashes.append(hash)
        slots[slot] = UInt32(count)
        if count * 2 > slots.count { grow() }
        return count - 1
    }

    func text(_ number: Int) -> String { String(decoding: bytes[range(number)], as: UTF8.self) }

    private func range(_ number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

    private func holds(_ text: UnsafeRawBufferPointer, _ number: Int) -> Bool {
        let range = range(number)
        guard range.count == text.count else { return false }
        return bytes.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[range]).hasSameBytes(as: text) }
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (number, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }
}
