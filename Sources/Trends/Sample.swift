import Domain

/// Samples as a lattice: the `sampleSize` lowest of distinct posts by (hash, id).
///
/// A post that came twice, say edited in between, is kept once, in the version that comes first by content. So
/// merging is associative, commutative and idempotent.
package protocol Sampled: Sendable {
    /// How many posts a sample keeps.
    static var sampleSize: Int { get }
    /// MurmurHash3 of platform and id; the rank within the sample.
    var hash: UInt64 { get }
    var id: String { get }
    /// Of two versions of a post, a fixed choice.
    func isFirst(before other: Self) -> Bool
}

extension Sampled {
    /// Joins two samples, each ascending by (hash, id).
    package static func merged(_ left: [Self], _ right: [Self]) -> [Self] {
        var merged = left
        for post in right { post.enter(&merged) }
        return merged
    }

    /// Puts this post into a sample, if it belongs there.
    func enter(_ sample: inout [Self]) {
        guard Self.admits(sample, hash: hash, id: id) else { return }
        let index = sample.firstIndex { $0.rank(against: hash, id) >= 0 } ?? sample.endIndex
        if index < sample.endIndex, sample[index].rank(against: hash, id) == 0 {
            if isFirst(before: sample[index]) { sample[index] = self }
            return
        }
        if sample.count == Self.sampleSize { sample.removeLast() }
        sample.insert(self, at: index)
    }

    /// Whether a post with this hash and id may enter the sample; true also for one that is in it.
    static func admits(_ sample: [Self], hash: UInt64, id: String) -> Bool {
        guard sample.count >= sampleSize else { return true }
        // By index: `last` would copy the whole post.
        let last = sample.count - 1
        let highest = sample[last].hash
        return hash < highest || (hash == highest && sample[last].rank(against: hash, id) >= 0)
    }

    /// Below 0 when this post comes before the one with the given hash and id, 0 when it is the same.
    func rank(against otherHash: UInt64, _ otherID: String) -> Int {
        hash == otherHash ? id.compareBytes(with: otherID) : hash < otherHash ? -1 : 1
    }
}

extension Example: Sampled {
    /// Of two versions of a post, a fixed choice: by time, then text, author, URL, score and reasons.
    package func isFirst(before other: Example) -> Bool {
        if createdAt != other.createdAt { return createdAt < other.createdAt }
        for (mine, theirs) in [(text, other.text), (author, other.author), (url ?? "", other.url ?? "")] {
            let order = mine.compareBytes(with: theirs)
            if order != 0 { return order < 0 }
        }
        if (url == nil) != (other.url == nil) { return url == nil }
        if scores != other.scores { return scores.lexicographicallyPrecedes(other.scores) }
        if reasons.count != other.reasons.count { return reasons.count > other.reasons.count }
        for (mine, theirs) in zip(reasons, other.reasons) where mine != theirs {
            let order = mine.word.compareBytes(with: theirs.word)
            return order == 0 ? mine.weight < theirs.weight : order < 0
        }
        return false
    }

    private var scores: [Int64] { sentiment.map { [$0.negative, $0.positive, Int64($0.label.rawValue)] } ?? [] }
}
