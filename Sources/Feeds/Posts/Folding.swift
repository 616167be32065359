// The standard library can compose characters (Unicode NFC) but keeps it behind an SPI; Foundation's way would bring
// the whole of ICU into the worker.
@_spi(_Unicode) internal import Swift

/// Brings words that mean the same to the same bytes.
enum Folding {
    /// Lower case and composed (NFC), cut to `FeedBounds.termBytes` at a character border.
    static func term(_ word: String) -> String {
        var isPlain = true
        var isASCII = true
        for byte in word.utf8 where byte >= 0x80 || byte &- 0x41 < 26 {
            isPlain = false
            if byte >= 0x80 { isASCII = false }
        }
        let folded = isPlain ? word : isASCII ? word.lowercased() : composed(word.lowercased())
        return folded.utf8.count <= FeedBounds.termBytes ? folded : prefix(of: folded, bytes: FeedBounds.termBytes)
    }

    private static func composed(_ text: String) -> String {
        var result = ""
        result.unicodeScalars.append(contentsOf: text._nfc)
        return result
    }

    /// The BCP 47 primary tag in lower case; empty when there is none.
    static func language(_ tag: String) -> String {
        let primary = tag.prefix { $0 != "-" && $0 != "_" }
        let bytes = primary.utf8
        guard bytes.count >= 2, bytes.count <= FeedBounds.languageLetters else { return "" }
        var isLower = true
        for byte in bytes {
            guard (byte | 0x20) &- 0x61 < 26 else { return "" }
            isLower = isLower && byte >= 0x61
        }
        let lower = isLower ? String(primary) : primary.lowercased()
        return lower == "und" ? "" : lower
    }

    /// The longest beginning of at most `bytes` bytes that ends between two characters.
    ///
    /// Where one character alone is longer, it ends between two Unicode scalars.
    static func prefix(of text: String, bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        // Enough behind the cut to see that a character goes on; longer characters are nonsense and may be cut.
        let limit = text.utf8.index(text.startIndex, offsetBy: min(bytes + 64, text.utf8.count))
        let beginning = String(text.unicodeScalars[..<scalarBorder(text, limit)])
        var end = beginning.endIndex
        while end > beginning.startIndex, beginning.utf8.distance(from: beginning.startIndex, to: end) > bytes {
            end = beginning.index(before: end)
        }
        if end > beginning.startIndex { return String(beginning[..<end]) }
        let cut = text.utf8.index(text.startIndex, offsetBy: bytes)
        return String(text.unicodeScalars[..<scalarBorder(text, cut)])
    }

    private static func scalarBorder(_ text: String, _ index: String.Index) -> String.Index {
        var border = index
        while border.samePosition(in: text.unicodeScalars) == nil { border = text.utf8.index(before: border) }
        return border
    }
}
