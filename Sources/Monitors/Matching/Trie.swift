/// All terms of all queries as one trie over symbols.
///
/// The nodes below the root come first, in the order of their symbols: symbol and node are the same number there.
struct Trie: Sendable {
    struct Node: Sendable {
        /// One bit for each symbol (modulo 64) that leads on from here; 0 at the ends.
        var children: UInt64 = 0
        /// The term that ends here, or -1.
        var term: Int32 = -1
        /// The queries that the term wakes, a range of `Automaton.woken`.
        var wokenStart: Int32 = 0
        var wokenEnd: Int32 = 0
    }

    private struct Edge {
        /// Node, symbol and gluing; `UInt64.max` for free slots.
        let key: UInt64
        let child: Int32
    }

    private(set) var nodes: [Node]
    private let edges: [Edge]
    private let mask: Int

    fileprivate init(nodes: [Node], edges: [UInt64: Int32]) {
        self.nodes = nodes
        let count = 1 << SymbolTable.log2(atLeast: max(edges.count * 2, 16))
        var slots = [Edge](repeating: Edge(key: .max, child: -1), count: count)
        for (key, child) in edges {
            var slot = Self.slot(of: key) & (count - 1)
            while slots[slot].child >= 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = Edge(key: key, child: child)
        }
        self.edges = slots
        mask = count - 1
    }

    /// The node that a symbol leads to, or -1.
    ///
    /// Worth asking only where the node's `children` say so.
    @inline(__always)
    func child(of node: Int32, by symbol: Int32, isGlued: Bool) -> Int32 {
        let key = Self.key(node, symbol, isGlued)
        var slot = Self.slot(of: key) & mask
        while edges[slot].child >= 0 {
            if edges[slot].key == key { return edges[slot].child }
            slot = (slot + 1) & mask
        }
        return -1
    }

    @inline(__always)
    static func bit(of symbol: Int32) -> UInt64 { 1 << UInt64(symbol & 63) }

    @inline(__always)
    fileprivate static func key(_ node: Int32, _ symbol: Int32, _ isGlued: Bool) -> UInt64 {
        UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: symbol)) << 1 | (isGlued ? 1 : 0)
    }

    @inline(__always)
    private static func slot(of key: UInt64) -> Int {
        let product = key &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: product ^ product >> 32)
    }
}

/// Numbers symbols and terms and grows the trie.
struct TrieBuilder {
    private(set) var symbols: [Symbol] = []
    private(set) var termCount = 0
    private var symbolNumbers: [Symbol: Int32] = [:]
    private var termNumbers: [Query.Term: Int32] = [:]
    private var edges: [UInt64: Int32] = [:]
    private var nodes: [Trie.Node]

    /// Takes all terms at once, since the nodes below the root must be numbered first.
    init(_ terms: [Query.Term]) {
        nodes = []
        for term in terms {
            for element in term.elements {
                let symbol = Symbol(element)
                guard symbolNumbers[symbol] == nil else { continue }
                symbolNumbers[symbol] = Int32(symbols.count)
                symbols.append(symbol)
            }
        }
        nodes = [Trie.Node](repeating: Trie.Node(), count: symbols.count)
        for term in terms { insert(term) }
    }

    func number(of term: Query.Term) -> Int32? { termNumbers[term] }

    /// The trie, with the queries that each term wakes.
    func finished(wokenStarts: [Int32]) -> Trie {
        var nodes = nodes
        for index in nodes.indices where nodes[index].term >= 0 {
            let term = Int(nodes[index].term)
            nodes[index].wokenStart = wokenStarts[term]
            nodes[index].wokenEnd = wokenStarts[term + 1]
        }
        return Trie(nodes: nodes, edges: edges)
    }

    private mutating func insert(_ term: Query.Term) {
        guard termNumbers[term] == nil else { return }
        var node: Int32 = -1
        for element in term.elements {
            guard let symbol = symbolNumbers[Symbol(element)] else { continue }
            node = node < 0 ? symbol : child(of: node, by: symbol, isGlued: element.isGlued)
        }
        guard node >= 0 else { return }
        termNumbers[term] = Int32(termCount)
        nodes[Int(node)].term = Int32(termCount)
        termCount += 1
    }

    private mutating func child(of node: Int32, by symbol: Int32, isGlued: Bool) -> Int32 {
        let key = Trie.key(node, symbol, isGlued)
        if let known = edges[key] { return known }
        nodes[Int(node)].children |= Trie.bit(of: symbol)
        nodes.append(Trie.Node())
        let child = Int32(nodes.count - 1)
        edges[key] = child
        return child
    }
}
