/// The part of a Redis Cluster that a key lies in: one of 16,384, each served by one primary.
struct HashSlot: Hashable, Sendable {
    static let count = 16_384

    let number: Int

    init(number: Int) {
        precondition((0..<Self.count).contains(number), "a hash slot is 0…\(Self.count - 1), not \(number)")
        self.number = number
    }

    /// Only what stands between the first `{` and the next `}` counts, where that is not empty: the hash tag.
    init(key: String) {
        number = Int(Self.checksum(Self.tag(Array(key.utf8)))) % Self.count
    }

    private static func tag(_ key: [UInt8]) -> ArraySlice<UInt8> {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return key[...] }
        let rest = key[(open + 1)...]
        guard let close = rest.firstIndex(of: UInt8(ascii: "}")), close > rest.startIndex else { return key[...] }
        return rest[..<close]
    }

    /// CRC-16 in its XMODEM form (polynomial 0x1021, start 0), which the Redis Cluster specification names.
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
        bytes.reduce(0) { checksum, byte in
            (0..<8).reduce(checksum ^ UInt16(byte) << 8) { value, _ in
                value & 0x8000 == 0 ? value << 1 : value << 1 ^ 0x1021
            }
        }
    }
}
