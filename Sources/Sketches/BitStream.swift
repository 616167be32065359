/// Packs numbers of a few bits one after another, highest bit first.
struct BitWriter {
    private var pending: UInt64 = 0
    private var count = 0

    /// Writes the lowest `bits` of `value`, at most 32, and nothing above them may be set.
    mutating func write(_ value: UInt64, bits: Int, to bytes: inout [UInt8]) {
        pending = pending << UInt64(bits) | value
        count += bits
        while count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: pending >> UInt64(count)))
        }
    }

    /// Fills the last byte with zero bits.
    mutating func finish(_ bytes: inout [UInt8]) {
        if count > 0 { write(0, bits: 8 - count, to: &bytes) }
    }
}

/// Reads what `BitWriter` wrote.
struct BitReader {
    private let bytes: UnsafeRawBufferPointer
    private var next = 0
    private var pending: UInt64 = 0
    private var count = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next `bits`, at most 32; the caller has checked that so many are left.
    mutating func read(bits: Int) -> UInt64 {
        while count < bits {
            pending = pending << 8 | UInt64(bytes[next])
            next += 1
            count += 8
        }
        count -= bits
        return pending >> UInt64(count) & (1 << UInt64(bits) - 1)
    }
}
