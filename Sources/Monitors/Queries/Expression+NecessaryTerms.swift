extension Query.Expression {
    /// Terms of which every matching post has at least one, or `nil` where a post without any could match.
    ///
    /// The matcher looks at a query only when one of these terms turns up. `cost` says how much a term is to be avoided;
    /// of the parts of a conjunction the cheapest is taken.
    func necessaryTerms(negated: Bool = false, cost: (Query.Term) -> Int) -> [Query.Term]? {
        switch self {
        case .term(let term): return negated ? nil : [term]
        case .not(let inner): return inner.necessaryTerms(negated: !negated, cost: cost)
        case .and(let parts) where negated, .or(let parts) where !negated:
            var union: [Query.Term] = []
            for part in parts {
                guard let terms = part.necessaryTerms(negated: negated, cost: cost) else { return nil }
                union += terms
            }
            return union
        case .and(let parts), .or(let parts):
            let choices = parts.compactMap { $0.necessaryTerms(negated: negated, cost: cost) }
            return choices.min { left, right in
                left.reduce(0) { $0 + cost($1) } < right.reduce(0) { $0 + cost($1) }
            }
        }
    }

    /// Any set of necessary terms.
    var necessaryTerms: [Query.Term]? { necessaryTerms { _ in 1 } }

    /// The terms that help a match by being there.
    func terms(negated: Bool) -> [Query.Term] {
        switch self {
        case .term(let term): negated ? [] : [term]
        case .not(let inner): inner.terms(negated: !negated)
        case .and(let parts), .or(let parts): parts.flatMap { $0.terms(negated: negated) }
        }
    }

    /// Whether each term alone is enough for a match.
    var isPlainAlternative: Bool {
        switch self {
        case .term: true
        case .or(let parts): parts.allSatisfy(\.isPlainAlternative)
        case .not, .and: false
        }
    }
}
