/// One token of a normalised text: a range of the tokenizer's byte buffer and what features need to know of it.
struct Token {
    enum Kind: UInt8 {
        case word
        case hashtag
        case number
        case punctuation
        case emoji
        case emoticon
        /// Any `@handle`: who is addressed says nothing about how.
        case user
        /// Any link.
        case link
    }

    struct Flags: OptionSet {
        let rawValue: UInt8

        /// SHOUTED: three capitals or more and no small letter.
        static let shouted = Flags(rawValue: 1)
        /// Held like "sooo": a letter three times or more in a row.
        static let elongated = Flags(rawValue: 2)
        /// Within the reach of a "not" before it.
        static let negated = Flags(rawValue: 4)
    }

    /// Bytes of the buffer; the byte before and the byte behind are spaces.
    var start: Int32
    var end: Int32
    var kind: Kind
    var flags: Flags
    /// The hash of the normalised bytes.
    var hash: UInt64
    /// The hash with each held letter written once ("sooo" as "so"); equal to `hash` unless elongated.
    var plainHash: UInt64
}

/// The hash of all features: FNV-1a steps, then one multiplication to spread the bits.
///
/// Part of the model's format: weights are found by it, so it never changes under the same format number.
enum FeatureHash {
    static let start: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

    /// The row of a table of `1 << bits` rows.
    @inline(__always)
    static func row(_ hash: UInt64, bits: Int) -> UInt32 {
        let mixed = (hash ^ (hash >> 32)) &* 0x9e37_79b9_7f4a_7c15
        return UInt32(truncatingIfNeeded: mixed >> UInt64(64 - bits))
    }

    /// The hash of two things in this order.
    @inline(__always)
    static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
        ((first ^ (first >> 29)) &* 0xbf58_476d_1ce4_e5b9) ^ second &* 0x94d0_49bb_1331_11eb
    }

    static func of(_ text: String) -> UInt64 { text.utf8.reduce(start, step) }

    /// Sixteen hexadecimal digits: how fingerprints are written.
    static func digits(_ hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
