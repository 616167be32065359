// The standard library can decompose characters (Unicode NFD) but keeps it behind an SPI; Foundation's way would bring
// the whole of ICU into the worker.
@_spi(_Unicode) internal import Swift

/// The Unicode that the reference was built with: categories of version 8, decompositions of version 12.
extension BertCharacters {
    /// Tab and the ends of a line are spaces, no control characters.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\t" && scalar != "\n" && scalar != "\r"
        case .format: isOlder(than: 9, scalar)
        case .privateUse: true
        default: false
        }
    }

    /// All that ASCII has beside letters and digits counts, also "$" and "+".
    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
        case ..<0x80: return false
        case 0x166D, 0x111C9: return true  // of another category since
        default: break
        }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return isOlder(than: 9, scalar)
        default: return false
        }
    }

    static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300: false
        case 0x1734, 0x1171E: true  // of another category since
        case 0x1885, 0x1886, 0xA9BD, 0x111C9: false  // of another category then
        default: scalar.properties.generalCategory == .nonspacingMark && isOlder(than: 9, scalar)
        }
    }

    /// The ideographs that BERT's authors chose: not all, and no kana or Hangul.
    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
            0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        guard scalar.value >= 0x300 else { return 0 }
        let combiningClass = scalar.properties.canonicalCombiningClass.rawValue
        return combiningClass != 0 && isOlder(than: 13, scalar) ? combiningClass : 0
    }

    static func decomposed(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        switch scalar.value {
        // Where Unicode 12 has characters that fall apart; no such character joins an old version any more.
        case 0xC0..<0x1100, 0x1B00..<0x1B80, 0x1E00..<0x2400, 0x2A80..<0x2B00, 0x3000..<0x3100, 0xAC00..<0xD7A4,
            0xF900..<0xFB80, 0x11080..<0x11980, 0x1D100..<0x1D200, 0x2F800..<0x2FA20:
            isOlder(than: 13, scalar) ? Array(String(scalar)._nfd) : [scalar]
        default: [scalar]
        }
    }

    static func lowercased(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        let properties = scalar.properties
        return properties.changesWhenLowercased ? Array(properties.lowercaseMapping.unicodeScalars) : [scalar]
    }

    private static func isOlder(than version: Int, _ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.age.map { $0.major < version } ?? false
    }
}
