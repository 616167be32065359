/// The mark before a tag or a handle.
package enum Sigil: UInt8, Sendable, Hashable, CaseIterable {
    /// `#`
    case hashtag = 35
    /// `$`, only before a letter: `$100` is the word 100.
    case cashtag = 36
    /// `@`
    case mention = 64

    package var character: Character { Character(Unicode.Scalar(rawValue)) }
}

/// One token of a text: a word, one character of a script that puts no spaces between words, or an emoji.
package struct Token: Equatable, Sendable {
    /// A hashtag, cashtag or handle that begins at this token and may span further ones, as `#東京タワー` does.
    package struct Tag: Equatable, Sendable {
        package let sigil: Sigil
        /// Folded, without the sigil.
        package let text: String
        /// With the sigil.
        package let range: Range<Int>
    }

    /// Folded: case, compatibility forms and composition no longer differ.
    package let text: String
    /// Bytes of the text as given.
    package let range: Range<Int>
    /// Whether nothing, not even a space, stands between this token and the one before.
    package let glued: Bool
    package let tag: Tag?
}

extension Token {
    /// Cuts a text, the way that queries and posts are cut.
    ///
    /// Words are runs of letters, marks, digits and `_`; all else separates, the apostrophe too, so that `Acme` is found
    /// in `Acme's` and `McDonald's` is the phrase `mcdonald s` on both sides. Every Han, Kana, Hangul, Thai, Lao, Khmer
    /// and Myanmar character and every emoji is a token of its own. `#tag` and `@handle` give both the tag and its words.
    package static func tokens(of text: String) -> [Token] {
        var scanner = TokenScanner()
        return tokens(of: text, with: &scanner)
    }

    /// As `tokens(of:)`, with a scanner that has already learned its characters.
    static func tokens(of text: String, with scanner: inout TokenScanner) -> [Token] {
        var collector = TokenCollector()
        scanner.scan(text, into: &collector)
        return collector.tokens
    }
}

/// Takes the tokens of a text in order.
protocol TokenSink {
    /// A tag begins; the next token begins at the same place.
    mutating func tag(_ sigil: Sigil, _ bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>)
    /// The bytes are folded, or ASCII in either case.
    mutating func token(_ bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>, glued: Bool)
}

/// Makes an array of the tokens.
private struct TokenCollector: TokenSink {
    var tokens: [Token] = []
    private var pending: Token.Tag?

    mutating func tag(_ sigil: Sigil, _ bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>) {
        pending = Token.Tag(sigil: sigil, text: folded(bytes), range: range)
    }

    mutating func token(_ bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>, glued: Bool) {
        tokens.append(Token(text: folded(bytes), range: range, glued: glued, tag: pending))
        pending = nil
    }

    private func folded(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: bytes.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
