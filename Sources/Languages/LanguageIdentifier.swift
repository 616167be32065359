internal import CCLD2

/// Tells the languages of short texts apart: CLD2 on the words that people wrote themselves.
///
/// Links, handles and hashtags are left out: they are English in every language. The result depends on the text alone.
package enum LanguageIdentifier {
    /// Bytes looked at: a post's language shows long before, and a document must not cost more than a post.
    static let byteLimit = 2048
    /// English with a lower score is not believed.
    ///
    /// English is what texts of names and slang are taken for. On 17,000 posts this keeps 99 of 100 English ones and
    /// halves the share of others that pass for English; see `docs/readings.md`.
    static let leastEnglishScore = 500.0

    package static func language(of text: String) -> TextLanguage {
        var text = text
        return text.withUTF8 { source in
            withUnsafeTemporaryAllocation(byteCount: min(source.count, byteLimit) + 1, alignment: 1) { words in
                let count = copyWords(of: source, into: words)
                return finding(UnsafeRawBufferPointer(rebasing: words[0..<count]))
            }
        }
    }

    private static func finding(_ words: UnsafeRawBufferPointer) -> TextLanguage {
        let characters = words.bindMemory(to: CChar.self)
        guard let first = characters.baseAddress, !characters.isEmpty else { return .wordless }
        let finding = cld2_find(first, Int32(characters.count))
        guard finding.letters > 0 else { return .wordless }
        let tag = primaryTag(String(cString: finding.language))
        if tag == "un" || tag == "xx" || tag == "en" && finding.score < leastEnglishScore { return .unknown }
        return .known(tag)
    }

    /// CLD2 knows some languages by older tags.
    private static func primaryTag(_ code: String) -> String {
        let tag = String(code.prefix { $0 != "-" })
        switch tag {
        case "iw": return "he"
        case "jw": return "jv"
        case "tl": return "fil"
        default: return tag
        }
    }

    /// Copies the words but for links, handles and hashtags, with a space behind each; ends between characters.
    private static func copyWords(
        of source: UnsafeBufferPointer<UInt8>, into words: UnsafeMutableRawBufferPointer
    ) -> Int {
        var count = 0
        var position = 0
        while position < source.count, count < words.count - 1 {
            guard !isSpace(source[position]) else {
                position += 1
                continue
            }
            var end = position + 1
            while end < source.count, !isSpace(source[end]) { end += 1 }
            if !isMark(source, position..<end) {
                var length = min(end - position, words.count - 1 - count)
                while length > 0, position + length < end, source[position + length] & 0xC0 == 0x80 { length -= 1 }
                for index in position..<position + length {
                    words[count] = source[index]
                    count += 1
                }
                words[count] = UInt8(ascii: " ")
                count += 1
            }
            position = end
        }
        return count
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }

    /// Whether a word is a handle, a hashtag, a link, or the sign of a repost.
    private static func isMark(_ source: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> Bool {
        switch source[word.lowerBound] {
        case UInt8(ascii: "@"), UInt8(ascii: "#"): true
        case UInt8(ascii: "R"): source[word].elementsEqual("RT".utf8)
        case UInt8(ascii: "h"): source[word].starts(with: "http".utf8)
        case UInt8(ascii: "w"): source[word].starts(with: "www.".utf8)
        default: false
        }
    }
}
