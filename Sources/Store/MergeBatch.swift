package import Domain
package import Trends

/// A shard's result on its way into the rollups.
package struct MergeItem: Sendable {
    package var shard: ShardID
    package var attempt: Int
    /// Kept in the ledger to tell whether two attempts agreed; `nil` when nobody asks.
    package var digest: [UInt8]?
    /// The parts of the result; they count together or not at all.
    package var parts: [Partial]

    package init(shard: ShardID, attempt: Int, digest: [UInt8]? = nil, parts: [Partial]) {
        self.shard = shard
        self.attempt = attempt
        self.digest = digest
        self.parts = parts
    }
}

/// Results folded together and laid out as rows, in the order in which every reducer writes rows.
///
/// Folding first means that a row which twenty shards touch is written once. The common order means that two merges which
/// need the same rows wait for each other and never deadlock.
struct MergeBatch: Sendable {
    struct RollupRow: Sendable {
        var partition: Partition
        var job: JobID
        var key: RollupKey
        /// Index into the batch's measures: they are large, and rows are moved about while they are sorted.
        var measures: Int
    }

    struct TermRow: Sendable {
        var partition: Partition
        var job: JobID
        var key: TermKey
        var posts: Int64
    }

    struct ExampleRow: Sendable {
        var job: JobID
        var key: ExampleKey
        var example: Example
    }

    struct VoicesRow: Sendable {
        var job: JobID
        var key: VoicesKey
        var voices: Voices
    }

    struct QuarantineRow: Sendable {
        var shard: ShardID
        var ordinal: Int
        var record: QuarantinedRecord
    }

    struct Total: Sendable {
        var job: JobID
        var shards: Int64
        var totals: ShardTotals
    }

    private(set) var rollups: [RollupRow] = []
    private(set) var measures: [Measures] = []
    private(set) var terms: [TermRow] = []
    private(set) var examples: [ExampleRow] = []
    private(set) var voices: [VoicesRow] = []
    private(set) var quarantine: [QuarantineRow] = []
    private(set) var totals: [Total] = []
    /// The partitions that the rows need, with a moment of each.
    private(set) var partitions: [Partition: Int64] = [:]

    init(_ items: [MergeItem]) {
        let jobs = Dictionary(grouping: items, by: \.shard.job)
        for job in jobs.keys.sorted() {
            guard let items = jobs[job] else { continue }
            var sum = Partial()
            for item in items {
                var ordinal = 0
                for var part in item.parts {
                    for record in part.quarantine {
                        quarantine.append(QuarantineRow(shard: item.shard, ordinal: ordinal, record: record))
                        ordinal += 1
                    }
                    part.quarantine = []
                    sum.merge(part)
                }
            }
            sum.makeStorable()
            lay(out: sum, job)
            totals.append(Total(job: job, shards: Int64(items.count), totals: sum.totals))
        }
        sort()
    }

    private mutating func lay(out sum: Partial, _ job: JobID) {
        rollups.reserveCapacity(rollups.count + sum.rollups.count)
        for (key, measures) in sum.rollups {
            let partition = Partition(Partition.Family(key.grain), start: key.start)
            partitions[partition] = key.start
            rollups.append(RollupRow(partition: partition, job: job, key: key, measures: self.measures.count))
            self.measures.append(measures)
        }
        terms.reserveCapacity(terms.count + sum.terms.count)
        for (key, posts) in sum.terms {
            let partition = Partition(.terms, start: key.start)
            partitions[partition] = key.start
            terms.append(TermRow(partition: partition, job: job, key: key, posts: posts))
        }
        for (key, sample) in sum.examples {
            for example in sample { examples.append(ExampleRow(job: job, key: key, example: example)) }
        }
        voices += sum.voices.sorted { $0.key < $1.key }.map { VoicesRow(job: job, key: $0.key, voices: $0.value) }
    }

    /// The order of the primary keys: neighbours in the index are written one after the other.
    private mutating func sort() {
        rollups.sort { left, right in
            if left.partition != right.partition { return left.partition < right.partition }
            if left.job != right.job { return left.job < right.job }
            if left.key.brand != right.key.brand { return left.key.brand < right.key.brand }
            if left.key.start != right.key.start { return left.key.start < right.key.start }
            if left.key.platform != right.key.platform {
                return left.key.platform.rawValue < right.key.platform.rawValue
            }
            return left.key.language < right.key.language
        }
        terms.sort { left, right in
            if left.partition != right.partition { return left.partition < right.partition }
            if left.job != right.job { return left.job < right.job }
            if left.key.brand != right.key.brand { return left.key.brand < right.key.brand }
            if left.key.start != right.key.start { return left.key.start < right.key.start }
            if left.key.kind != right.key.kind { return left.key.kind.rawValue < right.key.kind.rawValue }
            if left.key.term != right.key.term { return left.key.term < right.key.term }
            if left.key.platform != right.key.platform {
                return left.key.platform.rawValue < right.key.platform.rawValue
            }
            return left.key.language < right.key.language
        }
        examples.sort { left, right in
            if left.job != right.job { return left.job < right.job }
            if left.key.brand != right.key.brand { return left.key.brand < right.key.brand }
            if left.key.start != right.key.start { return left.key.start < right.key.start }
            if left.key.platform != right.key.platform {
                return left.key.platform.rawValue < right.key.platform.rawValue
            }
            if left.key.language != right.key.language { return left.key.language < right.key.language }
            if left.example.hash != right.example.hash { return left.example.hash < right.example.hash }
            return left.example.id < right.example.id
        }
        quarantine.sort { ($0.shard, $0.ordinal) < ($1.shard, $1.ordinal) }
    }
}
