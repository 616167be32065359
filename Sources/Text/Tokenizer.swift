/// Cuts texts into normalised tokens, reusing its buffers: no allocation for a token or, once warm, for a text.
///
/// Case is folded (and noted where shouted), handles and links become one token each, a letter held long is kept
/// three times, emoji and emoticons are tokens, hashtags keep their `#`, and words after a negation are marked.
struct Tokenizer {
    /// Text beyond this is not read: the design's bound on the analysed part of a post.
    static let byteLimit = 16_384
    /// How many words a negation reaches, unless punctuation ends it sooner.
    static let negationReach = 4

    /// The normalised bytes: tokens with one space before and behind each.
    private(set) var bytes: [UInt8] = []
    private(set) var tokens: [Token] = []

    /// Replaces the tokens by those of `text`.
    mutating func read(_ text: String) { read(text) { _ in } }

    /// As `read`; also says where in the text's bytes each token stands.
    mutating func readPlaces(_ text: String) -> [Range<Int>] {
        var places: [Range<Int>] = []
        read(text) { places.append($0) }
        return places
    }

    @inline(__always)
    private mutating func read(_ text: String, noting note: (Range<Int>) -> Void) {
        var text = text
        tokens.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        bytes.append(Self.space)
        text.withUTF8 { source in
            var cursor = TokenCursor(source: Self.bounded(source))
            while cursor.position < cursor.source.count {
                let (start, count) = (cursor.position, tokens.count)
                step(&cursor)
                if tokens.count > count { note(start..<cursor.position) }
            }
        }
        markNegated()
    }

    private static let space = UInt8(ascii: " ")

    /// At most `byteLimit` bytes, ended between two characters.
    private static func bounded(_ source: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard source.count > byteLimit else { return source }
        var end = byteLimit
        while end > 0 && source[end] & 0xC0 == 0x80 { end -= 1 }
        return UnsafeBufferPointer(rebasing: source[0..<end])
    }

    private mutating func step(_ cursor: inout TokenCursor) {
        let (scalar, length) = cursor.scalar(at: cursor.position)
        switch TokenCursor.classOf(scalar) {
        case .space, .ignorable: cursor.position += length
        case .letter:
            if let end = cursor.linkEnd() {
                mark(.link, hash: Self.linkHash)
                cursor.position = end
            } else {
                readWord(&cursor, kind: .word)
            }
        case .digit: readNumber(&cursor)
        case .ideograph, .emoji:
            let kind = TokenCursor.classOf(scalar) == .emoji ? Token.Kind.emoji : .word
            let start = bytes.count
            bytes.append(contentsOf: cursor.source[cursor.position..<cursor.position + length])
            cursor.position += length
            finish(kind, from: start)
        case .punctuation: readSign(&cursor)
        }
    }

    private mutating func readSign(_ cursor: inout TokenCursor) {
        let byte = cursor.source[cursor.position]
        if byte == UInt8(ascii: "@"), cursor.isWordPart(at: cursor.position + 1) {
            cursor.position += 1
            cursor.skipWord()
            mark(.user, hash: Self.userHash)
        } else if byte == UInt8(ascii: "#"), cursor.isWordPart(at: cursor.position + 1) {
            readWord(&cursor, kind: .hashtag)
        } else if let (end, eyes, mouth) = cursor.emoticon() {
            let start = bytes.count
            bytes.append(eyes)
            bytes.append(mouth)
            cursor.position = end
            finish(.emoticon, from: start)
        } else {
            readPunctuation(&cursor)
        }
    }

    /// Letters, digits, marks and inner apostrophes; after `#` any word part may begin.
    private mutating func readWord(_ cursor: inout TokenCursor, kind: Token.Kind) {
        let start = bytes.count
        if kind == .hashtag {
            bytes.append(UInt8(ascii: "#"))
            cursor.position += 1
        }
        var flags = Token.Flags()
        var hash = FeatureHash.step(FeatureHash.start, bytes.count > start ? UInt8(ascii: "#") : Self.space)
        var plain = hash
        var last: UInt32 = 0
        var run = 0
        var capitals = 0
        var smalls = 0
        while cursor.position < cursor.source.count {
            let (raw, length) = cursor.scalar(at: cursor.position)
            guard let scalar = cursor.wordScalar(raw, length: length) else { break }
            cursor.position += length
            if scalar == 0 { continue }
            let folded = scalar < 0x80 ? TokenCursor.foldedASCII(scalar) : CharacterClass.folded(scalar)
            if folded != scalar { capitals += 1 } else if scalar >= 0x61 { smalls += 1 }
            run = folded == last ? run + 1 : 1
            last = folded
            if run > 3 { continue }
            if run == 3, folded > 0x39 { flags.insert(.elongated) }
            let first = bytes.count
            TokenCursor.append(folded, to: &bytes)
            for index in first..<bytes.count {
                hash = FeatureHash.step(hash, bytes[index])
                if run == 1 { plain = FeatureHash.step(plain, bytes[index]) }
            }
        }
        if capitals > 2 && smalls == 0 { flags.insert(.shouted) }
        if !flags.contains(.elongated) { plain = hash }
        tokens.append(
            Token(
                start: Int32(start), end: Int32(bytes.count), kind: kind, flags: flags, hash: hash, plainHash: plain))
        bytes.append(Self.space)
    }

    /// A number keeps one or two characters; a longer one keeps only its rough length, since values repeat seldom.
    private mutating func readNumber(_ cursor: inout TokenCursor) {
        let first = cursor.position
        cursor.skipNumber()
        let length = cursor.position - first
        let start = bytes.count
        if length <= 2 {
            bytes.append(contentsOf: cursor.source[first..<cursor.position])
        } else {
            for _ in 0..<min(length, 4) { bytes.append(UInt8(ascii: "0")) }
        }
        finish(.number, from: start)
    }

    /// A run of signs is one token; each sign at most three times in a row, at most eight in all.
    private mutating func readPunctuation(_ cursor: inout TokenCursor) {
        let start = bytes.count
        var last: UInt32 = 0
        var run = 0
        repeat {
            let (raw, length) = cursor.scalar(at: cursor.position)
            guard TokenCursor.classOf(raw) == .punctuation else { break }
            let atWord = raw == 0x23 || raw == 0x40
            if bytes.count > start, atWord && cursor.isWordPart(at: cursor.position + 1) || cursor.emoticon() != nil {
                break
            }
            cursor.position += length
            let scalar = TokenCursor.plainSign(raw)
            run = scalar == last ? run + 1 : 1
            last = scalar
            if run <= 3 && bytes.count - start < 8 { TokenCursor.append(scalar, to: &bytes) }
        } while cursor.position < cursor.source.count
        finish(.punctuation, from: start)
    }

    /// Ends a token whose bytes are written.
    private mutating func finish(_ kind: Token.Kind, from start: Int) {
        var hash = FeatureHash.step(FeatureHash.start, Self.space)
        for index in start..<bytes.count { hash = FeatureHash.step(hash, bytes[index]) }
        tokens.append(
            Token(start: Int32(start), end: Int32(bytes.count), kind: kind, flags: [], hash: hash, plainHash: hash))
        bytes.append(Self.space)
    }

    /// Adds a token without bytes of its own.
    private mutating func mark(_ kind: Token.Kind, hash: UInt64) {
        let place = Int32(bytes.count)
        tokens.append(Token(start: place, end: place, kind: kind, flags: [], hash: hash, plainHash: hash))
        bytes.append(Self.space)
    }

    private static let userHash = FeatureHash.of(" @user")
    private static let linkHash = FeatureHash.of(" http")

    private mutating func markNegated() {
        var left = 0
        for index in tokens.indices {
            switch tokens[index].kind {
            case .punctuation, .emoticon: left = 0
            case .word, .hashtag:
                if left > 0 {
                    tokens[index].flags.insert(.negated)
                    left -= 1
                }
                if Negation.words.contains(tokens[index].plainHash) || endsInNT(tokens[index]) {
                    left = Self.negationReach
                }
            default: break
            }
        }
    }

    /// Whether the word ends in "n't".
    private func endsInNT(_ token: Token) -> Bool {
        let end = Int(token.end)
        return end - Int(token.start) > 3 && bytes[end - 1] == UInt8(ascii: "t") && bytes[end - 2] == UInt8(ascii: "'")
            && bytes[end - 3] == UInt8(ascii: "n")
    }
}

/// Words that turn what follows, by the hash of their token.
enum Negation {
    static let words: Set<UInt64> = Set(
        [
            "no", "not", "never", "nobody", "nothing", "none", "nor", "neither", "cannot", "cant", "wont", "dont",
            "didnt", "doesnt", "isnt", "wasnt", "aint", "arent", "couldnt", "shouldnt", "wouldnt", "havent", "hasnt",
            "hardly", "barely", "without",
        ].map { FeatureHash.of(" " + $0) })
}
