/// All queries compiled into one machine over tokens.
///
/// It never changes, so threads share it.
///
/// A token becomes a symbol (most tokens have none); symbols move through a trie of all terms of all queries; a term that
/// is complete wakes the few queries that cannot match without it, and only their boolean programs are run.
final class Automaton: Sendable {
    let symbols: SymbolTable
    let trie: Trie
    let termCount: Int
    /// Queries, by the term that wakes them; see `Trie.Node`.
    let woken: [Int32]
    let queryCount: Int
    /// Where a query's program begins; `Program.accepted` when any waking term is enough.
    let programs: [Int32]
    let steps: [Program.Step]

    init(_ queries: [Query]) {
        var uses: [Query.Term: Int] = [:]
        var terms: [Query.Term] = []
        for query in queries {
            for term in query.expression.terms {
                if uses[term] == nil { terms.append(term) }
                uses[term, default: 0] += 1
            }
        }
        let builder = TrieBuilder(terms)
        var program = Program()
        var wakers: [(term: Int32, query: Int32)] = []
        var programs: [Int32] = []
        for (index, query) in queries.enumerated() {
            let necessary = query.expression.necessaryTerms { Self.cost(of: $0, uses: uses[$0] ?? 0) } ?? []
            wakers += Set(necessary.compactMap { builder.number(of: $0) }).map { ($0, Int32(index)) }
            programs.append(
                query.expression.isPlainAlternative
                    ? Program.accepted : program.add(query.expression) { builder.number(of: $0) })
        }
        wakers.sort { ($0.term, $0.query) < ($1.term, $1.query) }
        var starts = [Int32](repeating: 0, count: builder.termCount + 1)
        for waker in wakers { starts[Int(waker.term) + 1] += 1 }
        for term in 0..<builder.termCount { starts[term + 1] += starts[term] }

        symbols = SymbolTable(builder.symbols)
        trie = builder.finished(wokenStarts: starts)
        termCount = builder.termCount
        woken = wakers.map(\.query)
        queryCount = queries.count
        self.programs = programs
        steps = program.steps
    }

    /// How unwelcome a term is as the one that wakes a query: terms of many queries, and short words, turn up often.
    private static func cost(of term: Query.Term, uses: Int) -> Int {
        let length = term.elements.reduce(0) { $0 + $1.text.utf8.count }
        return 1 + max(0, 16 - length) + 4 * uses / term.elements.count
    }
}

/// The programs of all queries: each step asks for one term and says where to go on, so that nothing is stacked.
struct Program {
    struct Step: Sendable {
        let term: Int32
        let yes: Int32
        let no: Int32
    }

    static let accepted: Int32 = -1
    static let rejected: Int32 = -2

    private(set) var steps: [Step] = []

    /// Adds the steps of an expression, last first, and returns where it begins.
    mutating func add(
        _ expression: Query.Expression, yes: Int32 = accepted, no: Int32 = rejected, number: (Query.Term) -> Int32?
    ) -> Int32 {
        switch expression {
        case .term(let term):
            guard let term = number(term) else { return no }
            steps.append(Step(term: term, yes: yes, no: no))
            return Int32(steps.count - 1)
        case .not(let inner): return add(inner, yes: no, no: yes, number: number)
        case .and(let parts): return parts.reversed().reduce(yes) { add($1, yes: $0, no: no, number: number) }
        case .or(let parts): return parts.reversed().reduce(no) { add($1, yes: yes, no: $0, number: number) }
        }
    }
}
