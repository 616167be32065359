/// MurmurHash3, the x64 variant with 128 bits: the hash that the `hll` extension of PostgreSQL uses.
///
/// Not keyed against an attacker: use it for sketches and samples, never to place keys in a hash table.
package enum MurmurHash3 {
    private static let c1: UInt64 = 0x87c3_7b91_1142_53d5
    private static let c2: UInt64 = 0x4cf5_ad43_2745_937f

    package static func hash128(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> (low: UInt64, high: UInt64) {
        var h1 = UInt64(seed)
        var h2 = UInt64(seed)
        var offset = 0
        while bytes.count - offset >= 16 {
            let k1 = word(bytes, at: offset)
            let k2 = word(bytes, at: offset + 8)
            h1 ^= rotate(k1 &* c1, by: 31) &* c2
            h1 = (rotate(h1, by: 27) &+ h2) &* 5 &+ 0x52dc_e729
            h2 ^= rotate(k2 &* c2, by: 33) &* c1
            h2 = (rotate(h2, by: 31) &+ h1) &* 5 &+ 0x3849_5ab5
            offset += 16
        }
        let rest = bytes.count - offset
        if rest > 8 {
            h2 ^= rotate(tail(bytes, from: offset + 8) &* c2, by: 33) &* c1
        }
        if rest > 0 {
            let k1 = rest >= 8 ? word(bytes, at: offset) : tail(bytes, from: offset)
            h1 ^= rotate(k1 &* c1, by: 31) &* c2
        }
        let length = UInt64(bytes.count)
        h1 ^= length
        h2 ^= length
        h1 &+= h2
        h2 &+= h1
        h1 = mix(h1)
        h2 = mix(h2)
        h1 &+= h2
        h2 &+= h1
        return (h1, h2)
    }

    /// The low half with seed 0: what `hll_hash_text` gives for the same UTF-8 text.
    package static func hash64(_ text: String) -> UInt64 {
        if let hash = text.utf8.withContiguousStorageIfAvailable({ hash128(UnsafeRawBufferPointer($0)).low }) {
            return hash
        }
        return Array(text.utf8).withUnsafeBytes { hash128($0).low }
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The bytes from `offset` to the end, fewer than eight, as a little-endian number.
    private static func tail(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> UInt64 {
        var value: UInt64 = 0
        var index = bytes.count
        while index > offset {
            index -= 1
            value = value << 8 | UInt64(bytes[index])
        }
        return value
    }

    private static func rotate(_ value: UInt64, by bits: UInt64) -> UInt64 { value << bits | value >> (64 &- bits) }

    private static func mix(_ value: UInt64) -> UInt64 {
        var k = value
        k ^= k >> 33
        k &*= 0xff51_afd7_ed55_8ccd
        k ^= k >> 33
        k &*= 0xc4ce_b9fe_1a85_ec53
        k ^= k >> 33
        return k
    }
}
