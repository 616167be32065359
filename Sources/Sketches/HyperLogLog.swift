/// A count of distinct hashes that merges exactly: the `hll` type of PostgreSQL with log2m 12 and regwidth 5.
///
/// Up to `explicitLimit` hashes are kept as they are and counted exactly; beyond that 4,096 registers estimate the
/// number with a standard error of 1.6 %. The form depends on the set alone, never on the order of insertions and
/// merges, so equal sets are equal values and give equal bytes.
///
/// Laws: `merge` is associative, commutative and idempotent, and `HyperLogLog()` changes nothing.
package struct HyperLogLog: Equatable, Sendable {
    package static let log2m = 12
    package static let regwidth = 5
    static let registerCount = 1 << log2m
    static let largestRegister: UInt8 = 1 << regwidth - 1

    /// How many hashes are kept explicitly: as many as fit in the bytes of the full form, the extension's rule for
    /// `expthresh` -1.
    package static let explicitLimit = (registerCount * regwidth + 7) / 8 / 8

    enum Storage: Equatable, Sendable {
        /// Ascending as signed numbers, the extension's order.
        case explicit([Int64])
        /// One byte a register.
        case registers([UInt8])
    }

    var storage: Storage

    package init() { storage = .explicit([]) }

    init(storage: Storage) { self.storage = storage }

    package var isEmpty: Bool { storage == .explicit([]) }

    /// Adds a hash whose bits are evenly distributed.
    ///
    /// - Returns: whether `bytes` may have grown, by 8 bytes at most.
    @discardableResult
    package mutating func insert(hash: UInt64) -> Bool {
        switch storage {
        case .explicit(var hashes):
            // Leaves one owner of the array, so that it grows in place.
            storage = .explicit([])
            let value = Int64(bitPattern: hash)
            let index = Self.place(of: value, in: hashes)
            if index < hashes.count, hashes[index] == value {
                storage = .explicit(hashes)
                return false
            }
            if hashes.count < Self.explicitLimit {
                hashes.insert(value, at: index)
                storage = .explicit(hashes)
                return true
            }
            var registers = Self.registers(of: hashes)
            Self.raise(&registers, hash)
            storage = .registers(registers)
        case .registers(var registers):
            storage = .explicit([])
            Self.raise(&registers, hash)
            storage = .registers(registers)
        }
        return false
    }

    package mutating func merge(_ other: Self) {
        switch (storage, other.storage) {
        case (_, .explicit(let theirs)) where theirs.isEmpty: return
        case (.explicit(let ours), _) where ours.isEmpty: storage = other.storage
        case (.explicit(let ours), .explicit(let theirs)):
            let union = Self.union(ours, theirs)
            storage = union.count > Self.explicitLimit ? .registers(Self.registers(of: union)) : .explicit(union)
        case (.explicit(let ours), .registers(var registers)):
            for hash in ours { Self.raise(&registers, UInt64(bitPattern: hash)) }
            storage = .registers(registers)
        case (.registers(var registers), .explicit(let theirs)):
            storage = .explicit([])
            for hash in theirs { Self.raise(&registers, UInt64(bitPattern: hash)) }
            storage = .registers(registers)
        case (.registers(var registers), .registers(let theirs)):
            storage = .explicit([])
            for index in registers.indices { registers[index] = max(registers[index], theirs[index]) }
            storage = .registers(registers)
        }
    }

    /// The first index whose hash is not below `value`.
    private static func place(of value: Int64, in hashes: [Int64]) -> Int {
        var low = 0
        var high = hashes.count
        while low < high {
            let middle = (low + high) / 2
            if hashes[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func union(_ left: [Int64], _ right: [Int64]) -> [Int64] {
        var union: [Int64] = []
        union.reserveCapacity(left.count + right.count)
        var i = 0
        var j = 0
        while i < left.count, j < right.count {
            let a = left[i]
            let b = right[j]
            union.append(min(a, b))
            if a <= b { i += 1 }
            if b <= a { j += 1 }
        }
        union.append(contentsOf: left[i...])
        union.append(contentsOf: right[j...])
        return union
    }

    private static func registers(of hashes: [Int64]) -> [UInt8] {
        var registers = [UInt8](repeating: 0, count: registerCount)
        for hash in hashes { raise(&registers, UInt64(bitPattern: hash)) }
        return registers
    }

    /// The lowest bits choose the register; it keeps the highest rank of the lowest one bit in the rest.
    private static func raise(_ registers: inout [UInt8], _ hash: UInt64) {
        let index = Int(truncatingIfNeeded: hash) & (registerCount - 1)
        let rest = hash >> UInt64(log2m)
        // A rest without a one bit has rank 0, as in the extension.
        guard rest != 0 else { return }
        let rank = UInt8(min(rest.trailingZeroBitCount + 1, Int(largestRegister)))
        if registers[index] < rank { registers[index] = rank }
    }
}
