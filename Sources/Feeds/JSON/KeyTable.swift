#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Finds a key among a few known ones in about the time of reading it.
///
/// The first and the last eight bytes with the length name every key of up to 16 bytes; longer ones are compared.
/// Not copyable, with memory of its own: an array or a class would be retained and released for every key of every post.
struct KeyTable: ~Copyable {
    private struct Entry {
        var low: UInt64 = 0
        var high: UInt64 = 0
        /// -1 for an empty place.
        var count = -1
        var value = 0
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let mask: Int
    private let factor: UInt64
    private let names: [[UInt8]]

    /// Gives each name its index in `names`; names that repeat keep the first.
    init(_ names: [String]) {
        // At most a quarter full, so that a factor without collisions is soon found.
        var size = 8
        while size < names.count * 4 { size *= 2 }
        mask = size - 1
        self.names = names.map { Array($0.utf8) }
        entries = .allocate(capacity: size)
        let keys = self.names.map { name in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: name.count + 8) { buffer in
                Self.copy(name, to: buffer).map { Self.words($0, name.count) } ?? (0, 0)
            }
        }
        factor = Self.factor(
            for: Set(zip(keys, names).map { key, name in key.0 &+ key.1 &* 3 &+ UInt64(name.utf8.count) }), mask)
        entries.initialize(repeating: Entry(), count: size)
        for (index, name) in self.names.enumerated() {
            let (low, high) = keys[index]
            guard self.names.firstIndex(of: name) == index else { continue }
            var place = place(low, high, name.count)
            while entries[place].count >= 0 { place = (place + 1) & mask }
            entries[place] = Entry(low: low, high: high, count: name.count, value: index)
        }
    }

    /// An odd number that spreads the keys with few collisions: the best of a few hundred.
    private static func factor(for keys: Set<UInt64>, _ mask: Int) -> UInt64 {
        var best: (factor: UInt64, places: Int) = (0x9E37_79B9_7F4A_7C15, 0)
        var factor = best.factor
        for _ in 0..<500 where best.places < keys.count {
            let places = Set(keys.map { Int(truncatingIfNeeded: ($0 &* factor) >> 40) & mask }).count
            if places > best.places { best = (factor, places) }
            factor = factor &* 6_364_136_223_846_793_005 | 1
        }
        return best.factor
    }

    deinit { entries.deallocate() }

    /// The index of the name that the bytes spell; eight bytes behind them must be readable.
    @inline(__always)
    func find(_ start: UnsafePointer<UInt8>, count: Int) -> Int? {
        let (low, high) = Self.words(start, count)
        var place = place(low, high, count)
        while true {
            let entry = entries + place
            if entry.pointee.low == low, entry.pointee.high == high, entry.pointee.count == count,
                count <= 16 || isSame(entry.pointee.value, start)
            {
                return entry.pointee.value
            }
            if entry.pointee.count < 0 { return nil }
            place = (place + 1) & mask
        }
    }

    /// The index of the name that a string of a JSON text spells, escapes resolved.
    @inline(__always)
    func find(_ key: JSONText) throws(RecordFault) -> Int? {
        if key.isEscaped { return try findEscaped(key) }
        let found = find(key.start, count: key.count)
        if found == nil, !key.isASCII { try key.check() }
        return found
    }

    @inline(never)
    private func findEscaped(_ key: JSONText) throws(RecordFault) -> Int? {
        let bytes = Array(try key.string().utf8)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count + 8) { buffer in
            Self.copy(bytes, to: buffer).flatMap { find($0, count: bytes.count) }
        }
    }

    /// Copies bytes to a buffer that has eight bytes more.
    private static func copy(_ bytes: [UInt8], to buffer: UnsafeMutableBufferPointer<UInt8>) -> UnsafePointer<UInt8>? {
        buffer.initialize(repeating: 0)
        _ = buffer.update(fromContentsOf: bytes)
        return UnsafePointer(buffer.baseAddress)
    }

    private func isSame(_ index: Int, _ start: UnsafePointer<UInt8>) -> Bool {
        let name = names[index]
        return memcmp(name, start, name.count) == 0
    }

    @inline(__always)
    private static func words(_ start: UnsafePointer<UInt8>, _ count: Int) -> (UInt64, UInt64) {
        let bytes = UnsafeRawPointer(start)
        let first = bytes.loadUnaligned(as: UInt64.self).littleEndian
        if count >= 8 { return (first, bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)) }
        return (first & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1), 0)
    }

    @inline(__always)
    private func place(_ low: UInt64, _ high: UInt64, _ count: Int) -> Int {
        let mixed = (low &+ high &* 3 &+ UInt64(truncatingIfNeeded: count)) &* factor
        return Int(truncatingIfNeeded: mixed >> 40) & mask
    }
}
