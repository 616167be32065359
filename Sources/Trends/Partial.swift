package import Domain

/// One or more shards' mergeable result.
///
/// Laws: `merge` is associative and commutative, and `Partial()` changes nothing.
package struct Partial: Equatable, Sendable {
    package var rollups: [RollupKey: Measures] = [:]
    package var terms: [TermKey: Int64] = [:]
    /// Each sample ascends by (hash, id) and holds at most `Example.sampleSize` posts.
    package var examples: [ExampleKey: [Example]] = [:]
    /// Only where the monitor watches for anomalies.
    package var voices: [VoicesKey: Voices] = [:]
    /// Bounded at `quarantineLimit` records a shard and some poisonous ones; `totals.quarantined` counts all.
    ///
    /// Ascends by offset, then reason and excerpt, so that it does not tell in which order shards were merged.
    package var quarantine: [QuarantinedRecord] = []
    package var totals = ShardTotals()

    package static let quarantineLimit = 1000

    package init() {}

    package mutating func merge(_ other: Partial) {
        if rollups.isEmpty {
            rollups = other.rollups
        } else {
            for (key, measures) in other.rollups { rollups[key, default: Measures()].merge(measures) }
        }
        if terms.isEmpty {
            terms = other.terms
        } else {
            for (key, count) in other.terms { terms[key, default: 0].saturatingAdd(count) }
        }
        for (key, sample) in other.examples {
            examples[key] = Example.merged(examples[key] ?? [], sample)
        }
        for (key, heard) in other.voices { voices[key, default: Voices()].merge(heard) }
        if !other.quarantine.isEmpty {
            quarantine += other.quarantine
            quarantine.sort { $0.comes(before: $1) }
        }
        totals.merge(other.totals)
    }
}

extension QuarantinedRecord {
    func comes(before other: QuarantinedRecord) -> Bool {
        if offset != other.offset { return offset < other.offset }
        let order = reason.compareBytes(with: other.reason)
        return order != 0 ? order < 0 : excerpt.lexicographicallyPrecedes(other.excerpt)
    }
}
