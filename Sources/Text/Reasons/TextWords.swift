/// The words of a text as reasons name them: words, tags, numbers, runs of signs, emoji, handles and links.
///
/// The same for every model, so that two models' reasons can stand side by side.
package struct TextWords: Equatable, Sendable {
    /// Ascending, in bytes of the text's UTF-8; white space is in none.
    package let ranges: [Range<Int>]

    package init(_ text: String) {
        var tokenizer = Tokenizer()
        ranges = Array(tokenizer.readPlaces(text).prefix(FeatureExtractor.tokenLimit))
    }

    /// The word that `byte` belongs to; the last before it where it is between words, the first before any.
    ///
    /// - Returns: nil when there is no word.
    package func index(at byte: Int) -> Int? {
        guard !ranges.isEmpty else { return nil }
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].lowerBound <= byte { low = middle + 1 } else { high = middle }
        }
        return max(low - 1, 0)
    }

    /// The bytes of a word as text.
    package static func text(of range: Range<Int>, in text: String) -> String {
        String(decoding: text.utf8.dropFirst(range.lowerBound).prefix(range.count), as: UTF8.self)
    }
}
