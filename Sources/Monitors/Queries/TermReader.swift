/// Makes a term of a word or of what stands between quotation marks.
struct TermReader {
    private let text: String
    private let offset: Int
    private let isQuoted: Bool
    private let lexer: QueryLexer

    /// Operators of other query languages, refused since their words would silently be searched for instead.
    private static let foreign: Set<String> = [
        "author", "bio", "country", "domain", "filter", "followers", "from", "has", "is", "lang", "language", "link",
        "list", "location", "near", "platform", "raw", "sentiment", "since", "site", "source", "title", "to", "until",
        "url",
    ]

    init(_ text: String, at offset: Int, isQuoted: Bool, in lexer: QueryLexer) {
        self.text = text
        self.offset = offset
        self.isQuoted = isQuoted
        self.lexer = lexer
    }

    func term(with scanner: inout TokenScanner) throws(QueryError) -> Query.Term {
        if !isQuoted { try refuseForeignOperators() }
        let tokens = Token.tokens(of: text, with: &scanner)
        let prefixes = try prefixes(among: tokens)
        guard !tokens.isEmpty else {
            let isBlank = text.allSatisfy(\.isWhitespace)
            throw lexer.error(isBlank ? .emptyQuotes : .nothingToSearch(text), at: isBlank ? offset - 1 : offset)
        }
        return Query.Term(elements: try elements(of: tokens, prefixes: prefixes, with: &scanner))
    }

    /// Tags take the tokens within them.
    private func elements(
        of tokens: [Token], prefixes: Set<Int>, with scanner: inout TokenScanner
    ) throws(QueryError) -> [Query.Element] {
        var elements: [Query.Element] = []
        var covered = 0
        for token in tokens where token.range.lowerBound >= covered {
            let end = token.tag?.range.upperBound ?? token.range.upperBound
            if token.tag != nil { covered = end }
            let text = token.tag?.text ?? token.text
            var isPrefix = prefixes.contains(end)
            // Characters of scripts without spaces are found inside longer text anyway.
            if isPrefix, token.tag == nil, scanner.isSingle(text) { isPrefix = false }
            if isPrefix, text.unicodeScalars.count < Query.shortestPrefix {
                throw lexer.error(.shortPrefix(text), at: scalarOffset(ofByte: token.range.lowerBound))
            }
            let isGlued = token.glued && !elements.isEmpty
            elements.append(
                Query.Element(text: text, sigil: token.tag?.sigil, isGlued: isGlued, isPrefix: isPrefix))
        }
        return elements
    }

    /// The ends (bytes) of the tokens that a `*` follows.
    private func prefixes(among tokens: [Token]) throws(QueryError) -> Set<Int> {
        guard text.utf8.contains(UInt8(ascii: "*")) else { return [] }
        let starts = Set(tokens.map { $0.tag?.range.lowerBound ?? $0.range.lowerBound })
        let ends = Set(tokens.flatMap { [$0.range.upperBound, $0.tag?.range.upperBound ?? 0] })
        var prefixes: Set<Int> = []
        for (index, byte) in text.utf8.enumerated() where byte == UInt8(ascii: "*") {
            guard ends.contains(index), !starts.contains(index + 1) else {
                throw lexer.error(.misplacedWildcard, at: scalarOffset(ofByte: index))
            }
            prefixes.insert(index)
        }
        return prefixes
    }

    private func refuseForeignOperators() throws(QueryError) {
        let name = text.prefix { $0.isASCII && $0.isLetter }.lowercased()
        let rest = text.dropFirst(name.count)
        if Self.foreign.contains(name), rest.first == ":", rest.count > 1, !rest.hasPrefix("://") {
            throw lexer.error(.unsupported(name + ":"), at: offset)
        }
        if name == "near", text.hasPrefix("NEAR"), rest.isEmpty || rest.first == "/" {
            throw lexer.error(.unsupported(text), at: offset)
        }
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated().dropLast() where scalar == "?" {
            let next = scalars[index + 1].properties
            if index > 0, next.isAlphabetic { throw lexer.error(.unsupported("?"), at: offset + index) }
        }
    }

    private func scalarOffset(ofByte byte: Int) -> Int {
        let index = text.utf8.index(text.startIndex, offsetBy: byte)
        return offset + text.unicodeScalars.distance(from: text.startIndex, to: index)
    }
}
