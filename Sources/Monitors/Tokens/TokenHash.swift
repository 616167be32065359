/// A fast 64-bit hash of token bytes that ignores ASCII case.
///
/// Setting bit 0x20 of every ASCII byte folds letters, leaves digits alone and turns `_` into a byte no token has, so that
/// folding costs one instruction for eight bytes. The same on every machine and in every run.
enum TokenHash {
    @inline(__always)
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
        let count = bytes.count
        guard let base = bytes.baseAddress, count > 0 else { return mix(seed, 0) }
        let raw = UnsafeRawPointer(base)
        if count >= 8 {
            var hash = seed
            var at = 0
            while at + 8 <= count {
                hash = mix(hash, folded(raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
                at += 8
            }
            // The last eight bytes again, overlapping: no byte beyond the end is read.
            let tail = folded(raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
            return mix(hash ^ UInt64(count), tail)
        }
        let chunk: UInt64
        if count >= 4 {
            let low = UInt64(raw.loadUnaligned(as: UInt32.self))
            let high = UInt64(raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            chunk = low | high << 32
        } else {
            chunk = UInt64(bytes[0]) | UInt64(bytes[count >> 1]) << 8 | UInt64(bytes[count - 1]) << 16
        }
        return mix(seed ^ UInt64(count), folded(chunk))
    }

    /// Whether two bytes of tokens are the same but for ASCII case.
    @inline(__always)
    static func isEqual(_ left: UInt8, _ right: UInt8) -> Bool { folded(left) == folded(right) }

    @inline(__always)
    private static func folded(_ byte: UInt8) -> UInt8 { byte < 0x80 ? byte | 0x20 : byte }

    @inline(__always)
    private static func folded(_ chunk: UInt64) -> UInt64 {
        chunk | (~chunk & 0x8080_8080_8080_8080) >> 2
    }

    @inline(__always)
    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = (left ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: right ^ 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
