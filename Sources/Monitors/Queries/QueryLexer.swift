/// One piece of a query.
struct Lexeme: Equatable {
    enum Kind: Equatable {
        case open, close, and, or, not, minus
        case word(String)
        case phrase(String)
        case end
    }

    var kind: Kind
    /// Index of the first character; for a phrase, of the character after the quotation mark.
    var offset: Int
}

/// Cuts a query into pieces.
struct QueryLexer {
    let scalars: [Unicode.Scalar]
    private var at = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    mutating func next() throws(QueryError) -> Lexeme {
        while at < scalars.count, scalars[at].properties.isWhitespace { at += 1 }
        guard at < scalars.count else { return Lexeme(kind: .end, offset: scalars.count) }
        let start = at
        switch scalars[at] {
        case "(":
            at += 1
            return Lexeme(kind: .open, offset: start)
        case ")":
            at += 1
            return Lexeme(kind: .close, offset: start)
        case "-" where at + 1 < scalars.count && !endsWord(scalars[at + 1], allowsQuote: true):
            at += 1
            return Lexeme(kind: .minus, offset: start)
        case let mark where Self.isQuote(mark):
            return try phrase()
        default:
            return try word()
        }
    }

    private mutating func phrase() throws(QueryError) -> Lexeme {
        let start = at
        at += 1
        while at < scalars.count, !Self.isQuote(scalars[at]) { at += 1 }
        guard at < scalars.count else { throw error(.unclosedQuote, at: start) }
        at += 1
        return Lexeme(kind: .phrase(text(start + 1..<at - 1)), offset: start + 1)
    }

    private mutating func word() throws(QueryError) -> Lexeme {
        let start = at
        while at < scalars.count, !endsWord(scalars[at], allowsQuote: false) { at += 1 }
        let word = text(start..<at)
        switch word {
        case "AND": return Lexeme(kind: .and, offset: start)
        case "OR": return Lexeme(kind: .or, offset: start)
        case "NOT": return Lexeme(kind: .not, offset: start)
        default: break
        }
        if QueryParser.keywords.contains(word.uppercased()) { throw error(.lowerCaseOperator(word), at: start) }
        return Lexeme(kind: .word(word), offset: start)
    }

    func error(_ reason: QueryError.Reason, at offset: Int) -> QueryError {
        QueryError(reason, at: offset, in: scalars)
    }

    /// Straight quotation marks and those that word processors put in their place.
    private static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\"" || (0x201C...0x201F).contains(scalar.value)
    }

    private func endsWord(_ scalar: Unicode.Scalar, allowsQuote: Bool) -> Bool {
        if scalar == "(" && allowsQuote { return false }
        return scalar.properties.isWhitespace || scalar == "(" || scalar == ")"
            || (!allowsQuote && Self.isQuote(scalar))
    }

    private func text(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        return String(text)
    }
}
