internal import Domain
internal import Store

/// What one round may send: the jobs of a lane with their limits applied, and how far it has come.
struct Batch {
    private struct Row {
        let job: RunnableJob
        /// The sources of the next shards of a job with a rate limit; empty for others.
        let sources: [Int32]
        var next: Int
        /// The cursor in the store.
        var saved: Int
    }

    private(set) var claimants: [DispatchPlan.Claimant] = []
    private var rows: [JobID: Row] = [:]
    private var places: [JobID: Int] = [:]

    /// - Parameter places: no job needs to be looked at beyond this many shards.
    init(_ jobs: [RunnableJob], places: Int, store: Store, buckets: SourceBuckets) async throws {
        for job in jobs {
            var waiting = min(job.shards - job.nextShard, job.room ?? .max)
            var sources: [Int32] = []
            if let rate = job.sourceRate {
                waiting = min(waiting, places)
                if waiting > 0 { sources = try await store.sources(of: job.job, from: job.nextShard, limit: waiting) }
                waiting = buckets.admitted(sources, of: job.job, rate: rate, at: .now)
            }
            self.places[job.job] = claimants.count
            claimants.append(.init(job: job.job, weight: job.weight, priority: job.priority, waiting: waiting))
            rows[job.job] = Row(job: job, sources: sources, next: job.nextShard, saved: job.nextShard)
        }
    }

    /// Shards that may be sent, whatever the window.
    var waiting: Int { claimants.reduce(0) { $0 + $1.waiting } }

    mutating func takeNext(of job: JobID) -> ShardID {
        guard let place = places[job], let next = rows[job]?.next else {
            preconditionFailure("job \(job) is none of those that may send")
        }
        claimants[place].waiting -= 1
        rows[job]?.next += 1
        return ShardID(job: job, index: UInt32(next))
    }

    /// How far jobs have come beyond what is saved.
    var cursors: [JobID: Int] {
        rows.filter { $0.value.next > $0.value.saved }.mapValues(\.next)
    }

    /// Notes that the cursors are saved, and takes the tokens of what was sent.
    mutating func saved(_ buckets: inout SourceBuckets, at now: SourceBuckets.Instant) {
        for (job, row) in rows where row.next > row.saved {
            if let rate = row.job.sourceRate {
                let first = row.job.nextShard
                buckets.spend(row.sources[(row.saved - first)..<(row.next - first)], of: job, rate: rate, at: now)
            }
            rows[job]?.saved = row.next
        }
    }
}
