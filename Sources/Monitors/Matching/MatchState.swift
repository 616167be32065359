/// What a thread remembers while it moves a post's tokens through the automaton.
///
/// All arrays keep their storage from post to post, and marks carry the number of the post that made them, so that a post
/// costs neither allocation nor clearing.
struct MatchState: TokenSink {
    let automaton: Automaton
    /// The queries that match the last post, ascending.
    private(set) var matched: [UInt32] = []

    private var post: UInt32 = 0
    private var seenTerms: [UInt32]
    private var seenQueries: [UInt32]
    private var candidates: [Int32] = []
    /// Places reached by the token before; `next` fills up during a token.
    private var active: [Place] = []
    private var next: [Place] = []
    /// Places reached by a tag, to go on behind the tag's last token.
    private var afterTag: [Place] = []
    private var tagEnd = 0

    /// A node of the trie, and which symbols lead on from there.
    private struct Place {
        let node: Int32
        let children: UInt64
    }

    init(_ automaton: Automaton) {
        self.automaton = automaton
        seenTerms = [UInt32](repeating: 0, count: automaton.termCount)
        seenQueries = [UInt32](repeating: 0, count: automaton.queryCount)
    }

    mutating func beginPost() {
        post &+= 1
        if post == 0 {
            seenTerms = seenTerms.map { _ in 0 }
            seenQueries = seenQueries.map { _ in 0 }
            post = 1
        }
        candidates.removeAll(keepingCapacity: true)
        matched.removeAll(keepingCapacity: true)
    }

    /// No phrase reaches from one field into the next.
    @inline(__always)
    mutating func beginField() {
        if !active.isEmpty { active.removeAll(keepingCapacity: true) }
        if !afterTag.isEmpty { afterTag.removeAll(keepingCapacity: true) }
    }

    mutating func endPost() {
        guard !candidates.isEmpty else { return }
        for query in candidates where isAccepted(query) { matched.append(UInt32(bitPattern: query)) }
        if matched.count > 1 { matched.sort() }
    }

    // MARK: Tokens

    @inline(__always)
    mutating func token(_ bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>, glued: Bool) {
        let symbol = automaton.symbols.find(bytes, .word)
        if symbol < 0, active.isEmpty, afterTag.isEmpty, automaton.symbols.wordPrefixes.isEmpty { return }
        advance(symbol, bytes, start: range.lowerBound, isGlued: glued)
    }

    mutating func tag(_ sigil: Sigil, _ bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>) {
        rejoin(at: range.lowerBound)
        next.removeAll(keepingCapacity: true)
        let role = Symbol.Role.tag(sigil)
        step(automaton.symbols.find(bytes, role), isGlued: false)
        for length in automaton.symbols.tagPrefixes where length <= bytes.count {
            let beginning = UnsafeBufferPointer(rebasing: bytes[..<length])
            step(automaton.symbols.find(beginning, role.prefix), isGlued: false)
        }
        swap(&afterTag, &next)
        tagEnd = range.upperBound
    }

    @inline(never)
    private mutating func advance(
        _ symbol: Int32, _ bytes: UnsafeBufferPointer<UInt8>, start: Int, isGlued: Bool
    ) {
        rejoin(at: start)
        next.removeAll(keepingCapacity: true)
        step(symbol, isGlued: isGlued)
        for length in automaton.symbols.wordPrefixes where length <= bytes.count {
            let beginning = UnsafeBufferPointer(rebasing: bytes[..<length])
            step(automaton.symbols.find(beginning, Symbol.Role.word.prefix), isGlued: isGlued)
        }
        swap(&active, &next)
    }

    /// Once the tag lies behind, phrases that began with it go on.
    private mutating func rejoin(at start: Int) {
        guard !afterTag.isEmpty, start >= tagEnd else { return }
        active += afterTag
        afterTag.removeAll(keepingCapacity: true)
    }

    private mutating func step(_ symbol: Int32, isGlued: Bool) {
        guard symbol >= 0 else { return }
        enter(symbol)
        let bit = Trie.bit(of: symbol)
        for place in active where place.children & bit != 0 {
            let child = automaton.trie.child(of: place.node, by: symbol, isGlued: false)
            if child >= 0 { enter(child) }
            guard isGlued else { continue }
            let glued = automaton.trie.child(of: place.node, by: symbol, isGlued: true)
            if glued >= 0 { enter(glued) }
        }
    }

    private mutating func enter(_ index: Int32) {
        let node = automaton.trie.nodes[Int(index)]
        if node.children != 0 { next.append(Place(node: index, children: node.children)) }
        guard node.term >= 0, seenTerms[Int(node.term)] != post else { return }
        seenTerms[Int(node.term)] = post
        for index in node.wokenStart..<node.wokenEnd {
            let query = automaton.woken[Int(index)]
            guard seenQueries[Int(query)] != post else { continue }
            seenQueries[Int(query)] = post
            candidates.append(query)
        }
    }

    // MARK: Queries

    private func isAccepted(_ query: Int32) -> Bool {
        var at = automaton.programs[Int(query)]
        while at >= 0 {
            let step = automaton.steps[Int(at)]
            at = seenTerms[Int(step.term)] == post ? step.yes : step.no
        }
        return at == Program.accepted
    }
}
