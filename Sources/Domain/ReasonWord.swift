/// The words that speak most for the sentiment of a post, which is positive or negative.
package struct PostReasons: Equatable, Sendable {
    package let isPraise: Bool
    /// In lower case, heaviest first.
    package let words: [String]

    package init(isPraise: Bool, words: [String]) {
        self.isPraise = isPraise
        self.words = words
    }
}

/// A word of a post and what it adds to the lead of the post's label: above 0 it speaks for it, below 0 against it.
package struct ReasonWord: Equatable, Sendable {
    /// As it stands in the post, at most `byteLimit` bytes.
    package let word: String
    /// In thousandths of a logit: fixed point, so that it travels and compares exactly.
    package let weight: Int32

    package static let byteLimit = 255

    /// `nil` for a word that is too long to be one.
    package init?(word: String, weight: Int32) {
        guard (1...Self.byteLimit).contains(word.utf8.count) else { return nil }
        self.word = word
        self.weight = weight
    }
}
