/// What a character is to the tokenizer.
enum CharacterClass: UInt8 {
    case space
    case letter
    case digit
    case punctuation
    /// A letter of a script without spaces between words: a token of its own.
    case ideograph
    case emoji
    /// Joiners, variation selectors, skin tones: dropped, so that variants of an emoji are one.
    case ignorable

    /// The classes of the 128 ASCII characters, by code.
    static let ascii: [CharacterClass] = (0..<128).map { (code: UInt8) in
        switch code {
        case 0...32, 127: .space
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): .letter
        default: .punctuation
        }
    }

    /// The class of a scalar beyond ASCII, by its block.
    static func beyondASCII(_ scalar: UInt32) -> CharacterClass {
        switch scalar {
        case 0x80...0xA0, 0x2000...0x200B, 0x2028...0x202F, 0x205F, 0x3000, 0xFEFF: .space
        case 0xAD, 0x200C...0x200F, 0x2060...0x2064, 0x20E3, 0xFE00...0xFE0F, 0x1F3FB...0x1F3FF, 0xE0000...0xE007F:
            .ignorable
        case 0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x2190...0x21FF, 0x2300...0x23FF, 0x2460...0x24FF,
            0x25A0...0x27BF, 0x2934...0x2935, 0x2B00...0x2BFF, 0x3030, 0x303D, 0x3297, 0x3299, 0x1F000...0x1FAFF:
            .emoji
        case 0xA1...0xBF, 0xD7, 0xF7, 0x2010...0x2027, 0x2030...0x205E, 0x20A0...0x20CF, 0x2E00...0x2E7F,
            0x3001...0x3020, 0xFF01...0xFF0F, 0xFF1A...0xFF20, 0xFFFD, 0x060C, 0x061B, 0x061F, 0x06D4, 0x0964:
            scalar == 0xAA || scalar == 0xB5 || scalar == 0xBA ? .letter : .punctuation
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF,
            0x20000...0x3FFFF:
            .ideograph
        default: .letter
        }
    }

    /// The small letter of a Latin, Greek or Cyrillic capital of two UTF-8 bytes; other scalars as they are.
    ///
    /// Simple folding that keeps the length: what a tweet needs, without the tables for every script.
    static func folded(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0xC0...0xD6, 0xD8...0xDE, 0x391...0x3A1, 0x3A3...0x3A9, 0x410...0x42F: scalar + 0x20
        case 0x400...0x40F: scalar + 0x50
        case 0x100...0x12F, 0x132...0x137, 0x14A...0x177, 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F: scalar | 1
        case 0x139...0x148, 0x179...0x17E, 0x4C1...0x4CE: scalar + (scalar & 1)
        default: scalar
        }
    }
}
