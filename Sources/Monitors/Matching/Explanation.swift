/// Why a query matches a text, or does not: for people who write queries.
package struct Explanation: Equatable, Sendable {
    /// One place where a term stands in the text.
    package struct Hit: Equatable, Sendable {
        /// The term as the query's canonical spelling has it.
        package let term: String
        /// Bytes of the text.
        package let range: Range<Int>
        /// Whether the term is one that the query excludes.
        package let isExcluding: Bool
    }

    package let isMatch: Bool
    /// By place, then by term.
    package let hits: [Hit]
    /// Wanted terms that stand nowhere in the text, in the query's order.
    package let missing: [String]
    /// How the text was cut.
    package let tokens: [Token]
}

extension Query {
    /// Evaluates the query on one text, term by term.
    ///
    /// Slow and simple: the matcher is checked against it.
    package func explain(_ text: String) -> Explanation { explain(Token.tokens(of: text)) }

    func explain(_ tokens: [Token]) -> Explanation {
        var ranges: [Term: [Range<Int>]] = [:]
        for term in Set(expression.terms) {
            ranges[term] = tokens.indices.compactMap { term.range(at: $0, in: tokens) }
        }
        let wanted = Set(expression.terms(negated: false))
        var hits: [Explanation.Hit] = []
        for (term, ranges) in ranges {
            hits += ranges.map {
                Explanation.Hit(term: term.description, range: $0, isExcluding: !wanted.contains(term))
            }
        }
        hits.sort {
            ($0.range.lowerBound, $0.range.upperBound, $0.term) < ($1.range.lowerBound, $1.range.upperBound, $1.term)
        }
        var missing: [String] = []
        for term in expression.terms(negated: false) where ranges[term]?.isEmpty ?? true {
            if !missing.contains(term.description) { missing.append(term.description) }
        }
        let isMatch = expression.holds { !(ranges[$0]?.isEmpty ?? true) }
        return Explanation(isMatch: isMatch, hits: hits, missing: missing, tokens: tokens)
    }
}

extension Query.Expression {
    /// The value of the expression, given which terms are there.
    func holds(_ isThere: (Query.Term) -> Bool) -> Bool {
        switch self {
        case .term(let term): isThere(term)
        case .not(let inner): !inner.holds(isThere)
        case .and(let parts): parts.allSatisfy { $0.holds(isThere) }
        case .or(let parts): parts.contains { $0.holds(isThere) }
        }
    }
}

extension Query.Term {
    /// The bytes that the term covers if it begins at a token.
    fileprivate func range(at start: Int, in tokens: [Token]) -> Range<Int>? {
        var index = start
        var end = 0
        for element in elements {
            guard index < tokens.count else { return nil }
            let token = tokens[index]
            if element.isGlued && !token.glued { return nil }
            guard let sigil = element.sigil else {
                guard element.fits(token.text) else { return nil }
                end = token.range.upperBound
                index += 1
                continue
            }
            guard let tag = token.tag, tag.sigil == sigil, element.fits(tag.text) else { return nil }
            end = tag.range.upperBound
            // The tag's own words lie within it.
            while index < tokens.count, tokens[index].range.lowerBound < end { index += 1 }
        }
        return (elements.first?.sigil == nil ? tokens[start].range : tokens[start].tag?.range ?? tokens[start].range)
            .lowerBound..<end
    }
}

extension Query.Element {
    fileprivate func fits(_ text: String) -> Bool {
        isPrefix ? text.utf8.starts(with: self.text.utf8) : text.utf8.elementsEqual(self.text.utf8)
    }
}
