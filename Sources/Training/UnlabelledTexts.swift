import Neural

/// A bounded sample of texts without labels, each different text once.
package struct UnlabelledTexts: Sendable {
    /// In random order, but the same for one seed and order of adding.
    package private(set) var texts: [String] = []
    /// How many were added and differed from those before.
    package private(set) var distinct = 0

    private let limit: Int
    private var keys: Set<String> = []
    private var random: SplitMix

    package init(limit: Int, seed: UInt64) {
        self.limit = limit
        random = SplitMix(seed: seed)
    }

    /// Adds a text unless one of the same letters and digits is known; reposts are most of many streams.
    ///
    /// Each distinct text has the same chance to stay (reservoir sampling).
    package mutating func add(_ text: String) {
        guard text.contains(where: \.isLetter), keys.insert(OverlapGuard.key(of: text) ?? text).inserted else { return }
        distinct += 1
        if texts.count < limit {
            texts.append(text)
        } else {
            let place = Int(random.next() % UInt64(distinct))
            if place < limit { texts[place] = text }
        }
    }
}
