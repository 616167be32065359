/// What a model reads from a text; part of its configuration, so that training and scoring cannot differ.
package struct FeatureSettings: Codable, Equatable, Sendable {
    /// The embedding table has `1 << tableBits` rows.
    package var tableBits = 16
    /// Character n-grams of a word with the space before and behind it, in characters.
    package var shortestGram = 3
    package var longestGram = 5

    package init() {}
}

/// The features of one text: for each token a bag of rows of the embedding table.
package struct TextFeatures: Equatable, Sendable {
    package private(set) var rows: [UInt32] = []
    /// Token `n` owns `rows[ends[n-1]..<ends[n]]`.
    package private(set) var ends: [Int] = []

    package init() {}

    package var tokens: Int { ends.count }

    package subscript(token: Int) -> ArraySlice<UInt32> { rows[(token == 0 ? 0 : ends[token - 1])..<ends[token]] }

    /// Adds a token with its rows.
    package mutating func append(_ token: ArraySlice<UInt32>) {
        rows.append(contentsOf: token)
        ends.append(rows.count)
    }

    mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    mutating func add(row: UInt32) { rows.append(row) }

    @inline(__always)
    mutating func endToken() { ends.append(rows.count) }
}

/// Turns texts into features, reusing its buffers: one for each thread.
package struct FeatureExtractor {
    /// Tokens read of a text; more is a document and no post.
    package static let tokenLimit = 512
    /// Rows of one token.
    ///
    /// Longer words than this allows are links without a scheme, or noise.
    package static let rowLimit = 96

    private let settings: FeatureSettings
    private var tokenizer = Tokenizer()
    package private(set) var features = TextFeatures()

    package init(settings: FeatureSettings) { self.settings = settings }

    /// Replaces the features by those of `text`.
    package mutating func read(_ text: String) {
        tokenizer.read(text)
        features.removeAll()
        for token in tokenizer.tokens.prefix(Self.tokenLimit) {
            features.add(row: row(token.hash))
            if !token.flags.isEmpty { addMarks(token) }
            if token.end > token.start { addGrams(token) }
            features.endToken()
        }
    }

    /// A copy of the features of `text`.
    package mutating func features(of text: String) -> TextFeatures {
        read(text)
        return features
    }

    /// For each token of the text last read whether it is a word, tag or picture: handles, links, numbers and signs are not.
    var tokenIsWord: [Bool] {
        tokenizer.tokens.prefix(Self.tokenLimit).map { token in
            switch token.kind {
            case .word, .hashtag, .emoji, .emoticon: true
            case .number, .punctuation, .user, .link: false
            }
        }
    }

    /// The normalised tokens of the text last read.
    var tokenTexts: [String] {
        tokenizer.tokens.prefix(Self.tokenLimit).map { token in
            switch token.kind {
            case .user: "@user"
            case .link: "http"
            default: String(decoding: tokenizer.bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
            }
        }
    }

    /// Salts that tell one kind of feature from another of the same word.
    private enum Salt {
        static let shouted = FeatureHash.of("shouted")
        static let elongated = FeatureHash.of("elongated")
        static let negated = FeatureHash.of("negated")
        static let gram = FeatureHash.of("gram")
    }

    @inline(__always)
    private func row(_ hash: UInt64) -> UInt32 { FeatureHash.row(hash, bits: settings.tableBits) }

    private mutating func addMarks(_ token: Token) {
        if token.flags.contains(.shouted) { features.add(row: row(Salt.shouted)) }
        if token.flags.contains(.negated) { features.add(row: row(FeatureHash.pair(Salt.negated, token.plainHash))) }
        if token.flags.contains(.elongated) {
            features.add(row: row(token.plainHash))
            features.add(row: row(Salt.elongated))
        }
    }

    private mutating func addGrams(_ token: Token) {
        let end = Int(token.end) + 1
        // Eight rows are kept for the word, its marks, and the n-grams of the last place.
        let full = features.rows.count + Self.rowLimit - 8
        tokenizer.bytes.withUnsafeBufferPointer { bytes in
            var start = Int(token.start) - 1
            while start < end && features.rows.count < full {
                var hash = Salt.gram
                var length = 0
                var index = start
                while index < end && length < settings.longestGram {
                    repeat {
                        hash = FeatureHash.step(hash, bytes[index])
                        index += 1
                    } while index < end && bytes[index] & 0xC0 == 0x80
                    length += 1
                    if length >= settings.shortestGram { features.add(row: row(hash)) }
                }
                start += 1
                while start < end && bytes[start] & 0xC0 == 0x80 { start += 1 }
            }
        }
    }
}
