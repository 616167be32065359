package import Domain

/// Rate limits by source: token buckets that hold one second's worth.
///
/// A value: moments come in. A new leader begins with full buckets, so each change of the lead allows one burst.
package struct SourceBuckets: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private struct Key: Hashable {
        let job: JobID
        let source: Int32
    }

    private struct Bucket {
        var tokens: Double
        var moment: Instant
        let rate: Double

        /// At least one shard, or a rate below one a second would never send any.
        static func capacity(_ rate: Double) -> Double { max(1, rate) }

        func tokens(at now: Instant) -> Double {
            min(Self.capacity(rate), tokens + max(0, (now - moment) / .seconds(1)) * rate)
        }
    }

    /// As many as sources sent from in the last second: full buckets are forgotten, since a new one is as full.
    private var buckets: [Key: Bucket] = [:]

    package init() {}

    /// How many sources are remembered.
    package var count: Int { buckets.count }

    /// How many of a job's next shards, given by their sources in order, may be sent now.
    package func admitted(_ sources: [Int32], of job: JobID, rate: Double, at now: Instant) -> Int {
        var left: [Int32: Double] = [:]
        for (index, source) in sources.enumerated() {
            let tokens = left[source] ?? tokens(of: Key(job: job, source: source), rate, now)
            guard tokens >= 1 else { return index }
            left[source] = tokens - 1
        }
        return sources.count
    }

    /// Takes the tokens of shards that were sent.
    package mutating func spend(_ sources: some Sequence<Int32>, of job: JobID, rate: Double, at now: Instant) {
        buckets = buckets.filter { $0.value.tokens(at: now) < Bucket.capacity($0.value.rate) }
        for source in sources {
            let key = Key(job: job, source: source)
            buckets[key] = Bucket(tokens: tokens(of: key, rate, now) - 1, moment: now, rate: rate)
        }
    }

    private func tokens(of key: Key, _ rate: Double, _ now: Instant) -> Double {
        buckets[key]?.tokens(at: now) ?? Bucket.capacity(rate)
    }
}
