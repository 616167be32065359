/// The language by which a post's reader is chosen.
package enum PostLanguage {
    /// What the post declares, unless its script says that this cannot be; else what the words say.
    ///
    /// Platforms know more than the words: the author's settings, earlier posts, a better identifier. But some fill in
    /// the language of the program that posted. So a language of Latin letters is not believed of a text in others,
    /// while the opposite is common: Hindi or Arabic as it is typed on a Latin keyboard.
    package static func language(of text: String, declared: String) -> TextLanguage {
        guard isLanguage(declared) else { return LanguageIdentifier.language(of: text) }
        let tag = String(declared.prefix { $0 != "-" && $0 != "_" })
        guard !otherScripts.contains(tag), isMostlyForeign(text) else { return .known(tag) }
        let found = LanguageIdentifier.language(of: text)
        return found == .wordless ? .known(tag) : found
    }

    /// Tags for what is undetermined, mixed or no language (BCP 47, and the private ones of X) declare nothing.
    private static func isLanguage(_ tag: String) -> Bool {
        !["", "un", "und", "mul", "mis", "zxx", "art"].contains(tag)
            && !(tag.utf8.count == 3 && tag.hasPrefix("q"))
    }

    /// Languages that are written in other letters than Latin ones, always or often.
    private static let otherScripts: Set<String> = [
        "am", "ar", "as", "az", "be", "bg", "bn", "bo", "ce", "chr", "ckb", "cv", "dv", "dz", "el", "fa", "gu", "he",
        "hi", "hy", "iu", "iw", "ja", "ka", "kk", "km", "kn", "ko", "ks", "ku", "ky", "lo", "mk", "ml", "mn", "mr",
        "my", "ne", "or", "os", "pa", "ps", "ru", "sa", "sd", "si", "sr", "syr", "ta", "te", "tg", "th", "ti", "tk",
        "tt", "ug", "uk", "ur", "uz", "yi", "yue", "zh",
    ]

    /// Whether more than half of a text's letters are not Latin; an ideograph counts like any letter.
    static func isMostlyForeign(_ text: String) -> Bool {
        var latin = 0
        var foreign = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0xC3...0xC9: latin += 1
            // The first byte of two is Greek to N'Ko from here on; of three it is a script of Asia or Africa, but for
            // signs (0xE2) and forms of presentation (0xEF). Four bytes are emoji more often than letters.
            case 0xCE...0xDF, 0xE0, 0xE1, 0xE3...0xED: foreign += 1
            default: break
            }
        }
        return foreign > latin
    }
}
