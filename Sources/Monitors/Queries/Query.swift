/// A boolean query: what a post must say to mention a brand.
///
/// - words, `"phrases"`, `#tag`, `@handle`, `$CASHTAG`; `air*` for every word that begins so;
/// - `NOT` (or `-`) binds tightest, then `AND` (or nothing between two terms), then `OR`; parentheses group;
/// - operators are upper case; a word is found in any case, also as the whole of a tag or handle;
/// - `@handle` is found in the text and among the mentions, not as the author.
package struct Query: Equatable, Sendable, CustomStringConvertible {
    /// Bytes.
    ///
    /// A brand with every product, misspelling and exclusion takes a few kilobytes.
    package static let longest = 65_536
    /// Parentheses and NOTs within each other: the parser and the compiler recurse.
    package static let deepest = 64
    /// Letters before a `*`: fewer would match a good part of all posts.
    package static let shortestPrefix = 2

    package let expression: Expression

    package init(_ text: String) throws(QueryError) {
        var scanner = TokenScanner()
        try self.init(text, with: &scanner)
    }

    /// As `init(_:)`, with a scanner that has already learned its characters.
    init(_ text: String, with scanner: inout TokenScanner) throws(QueryError) {
        var parser = try QueryParser(text)
        expression = try parser.parse(with: &scanner)
    }

    /// For expressions made by hand; the caller sees to it that the query can be indexed.
    init(expression: Expression) { self.expression = expression }

    /// The query in its canonical spelling, which parses to an equal query.
    package var description: String { expression.printed(within: .disjunction) }
}

extension Query {
    package indirect enum Expression: Hashable, Sendable {
        case term(Term)
        case not(Expression)
        /// At least two, none of them an `and`.
        case and([Expression])
        /// At least two, none of them an `or`.
        case or([Expression])
    }

    /// A word or phrase: elements that stand next to each other in this order, whatever separates them.
    package struct Term: Hashable, Sendable, CustomStringConvertible {
        package let elements: [Element]
    }

    package struct Element: Hashable, Sendable {
        /// Folded.
        package let text: String
        package let sigil: Sigil?
        /// Whether nothing may stand between this element and the one before, as within `東京`.
        package let isGlued: Bool
        /// Whether longer words match too.
        package let isPrefix: Bool
    }
}

extension Query.Expression {
    /// What surrounds an expression, loosest first: whatever binds looser than its surroundings needs parentheses.
    enum Binding: Int { case disjunction, conjunction, negation }

    func printed(within outer: Binding) -> String {
        switch self {
        case .term(let term): return term.description
        case .not(let inner): return "NOT " + inner.printed(within: .negation)
        case .and(let parts):
            let text = parts.map { $0.printed(within: .conjunction) }.joined(separator: " AND ")
            return outer.rawValue > Binding.disjunction.rawValue ? "(\(text))" : text
        case .or(let parts):
            let text = parts.map { $0.printed(within: .conjunction) }.joined(separator: " OR ")
            return outer.rawValue > Binding.disjunction.rawValue ? "(\(text))" : text
        }
    }

    /// The terms in order of appearance, with repeats.
    package var terms: [Query.Term] {
        switch self {
        case .term(let term): [term]
        case .not(let inner): inner.terms
        case .and(let parts), .or(let parts): parts.flatMap(\.terms)
        }
    }
}

extension Query.Term {
    package var description: String {
        var text = ""
        for (index, element) in elements.enumerated() {
            if index > 0, !element.isGlued { text += " " }
            if let sigil = element.sigil { text.append(sigil.character) }
            text += element.text + (element.isPrefix ? "*" : "")
        }
        let isKeyword = QueryParser.keywords.contains(text.uppercased())
        return elements.count > 1 || isKeyword ? "\"\(text)\"" : text
    }
}
