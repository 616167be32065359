/// Makes an expression of a query's text: recursive descent, one function a precedence level.
struct QueryParser {
    static let keywords: Set<String> = ["AND", "OR", "NOT"]

    private var lexer: QueryLexer
    private var current: Lexeme
    private var depth = 0
    /// Where the first NOT is, for the complaint about queries without a word that must be there.
    private var firstNegation: Int?

    init(_ text: String) throws(QueryError) {
        let bytes = text.utf8.count
        guard bytes <= Query.longest else {
            throw QueryError(.tooLong(bytes: bytes), at: 0, in: Array(text.unicodeScalars.prefix(100)))
        }
        lexer = QueryLexer(Array(text.unicodeScalars))
        current = try lexer.next()
    }

    mutating func parse(with scanner: inout TokenScanner) throws(QueryError) -> Query.Expression {
        if current.kind == .end { throw lexer.error(.empty, at: 0) }
        let expression = try disjunction(&scanner)
        if current.kind == .close { throw lexer.error(.unopenedParenthesis, at: current.offset) }
        if expression.necessaryTerms == nil {
            let isHopeless = expression.terms(negated: false).isEmpty
            throw lexer.error(isHopeless ? .onlyNegative : .negativeAlternative, at: firstNegation ?? 0)
        }
        return expression
    }

    private mutating func advance() throws(QueryError) { current = try lexer.next() }

    private mutating func disjunction(_ scanner: inout TokenScanner) throws(QueryError) -> Query.Expression {
        var parts = try [conjunction(&scanner)]
        while current.kind == .or {
            let name = current
            try advance()
            try expectTerm(after: name, "OR")
            parts.append(try conjunction(&scanner))
        }
        return .any(of: parts)
    }

    private mutating func conjunction(_ scanner: inout TokenScanner) throws(QueryError) -> Query.Expression {
        var parts = try [negation(&scanner)]
        while true {
            switch current.kind {
            case .end, .close, .or: return .all(of: parts)
            case .and:
                let name = current
                try advance()
                try expectTerm(after: name, "AND")
            default: break
            }
            parts.append(try negation(&scanner))
        }
    }

    private mutating func negation(_ scanner: inout TokenScanner) throws(QueryError) -> Query.Expression {
        guard current.kind == .not || current.kind == .minus else { return try primary(&scanner) }
        let name = current
        firstNegation = firstNegation ?? name.offset
        try descend()
        defer { depth -= 1 }
        try advance()
        try expectTerm(after: name, name.kind == .not ? "NOT" : "-")
        return .not(try negation(&scanner))
    }

    private mutating func primary(_ scanner: inout TokenScanner) throws(QueryError) -> Query.Expression {
        let lexeme = current
        switch lexeme.kind {
        case .open:
            try descend()
            defer { depth -= 1 }
            try advance()
            if current.kind == .close { throw lexer.error(.emptyParentheses, at: lexeme.offset) }
            if current.kind == .end { throw lexer.error(.unclosedParenthesis, at: lexeme.offset) }
            let inner = try disjunction(&scanner)
            guard current.kind == .close else { throw lexer.error(.unclosedParenthesis, at: lexeme.offset) }
            try advance()
            return inner
        case .word(let text):
            try advance()
            return .term(try TermReader(text, at: lexeme.offset, isQuoted: false, in: lexer).term(with: &scanner))
        case .phrase(let text):
            try advance()
            return .term(try TermReader(text, at: lexeme.offset, isQuoted: true, in: lexer).term(with: &scanner))
        case .and: throw lexer.error(.danglingOperator("AND"), at: lexeme.offset)
        case .or: throw lexer.error(.danglingOperator("OR"), at: lexeme.offset)
        case .close: throw lexer.error(.unopenedParenthesis, at: lexeme.offset)
        case .not, .minus, .end: throw lexer.error(.empty, at: lexeme.offset)
        }
    }

    /// Complains about the operator, which the user sees, and not about the end of the query, which is nowhere.
    private func expectTerm(after lexeme: Lexeme, _ name: String) throws(QueryError) {
        switch current.kind {
        case .end, .close: throw lexer.error(.danglingOperator(name), at: lexeme.offset)
        case .and: throw lexer.error(.doubledOperator("AND", after: name), at: current.offset)
        case .or: throw lexer.error(.doubledOperator("OR", after: name), at: current.offset)
        default: break
        }
    }

    private mutating func descend() throws(QueryError) {
        guard depth < Query.deepest else { throw lexer.error(.tooDeep, at: current.offset) }
        depth += 1
    }
}

extension Query.Expression {
    /// A flat `and`, or the only part.
    static func all(of parts: [Self]) -> Self {
        let flat = parts.flatMap { part -> [Self] in
            if case .and(let inner) = part { inner } else { [part] }
        }
        return flat.count == 1 ? flat[0] : .and(flat)
    }

    /// A flat `or`, or the only part.
    static func any(of parts: [Self]) -> Self {
        let flat = parts.flatMap { part -> [Self] in
            if case .or(let inner) = part { inner } else { [part] }
        }
        return flat.count == 1 ? flat[0] : .or(flat)
    }
}
