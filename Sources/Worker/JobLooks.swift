internal import Domain
internal import Store
internal import Synchronization

/// The last look at the jobs whose shards this process holds, so that no shard of a paused or cancelled job begins.
///
/// A claim takes at most half a second of work ahead, but when shards are long one may wait behind another for much longer
/// than a pause may take. A look for all jobs costs one small query; a look for each shard would cost one a shard.
final class JobLooks: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// With the query's own time well within the second that a pause may take.
    static let interval = Duration.milliseconds(400)

    private struct Look {
        var asked: Instant
        var stopped: Set<JobID>
        var cancelled: Set<JobID>
    }

    private let last: Mutex<Look>

    init() { last = Mutex(Look(asked: .now, stopped: [], cancelled: [])) }

    /// Notes what the store said of `jobs`.
    ///
    /// - Parameter moment: when it was asked.
    func note(_ states: [JobID: JobState], of jobs: Set<JobID>, askedAt moment: Instant) {
        let stopped = jobs.filter { states[$0] != .running }
        let cancelled = stopped.filter { states[$0] != .paused }
        last.withLock { $0 = Look(asked: moment, stopped: stopped, cancelled: cancelled) }
    }

    /// Whether a shard may begin.
    ///
    /// - Parameter moment: when its own description was asked for; an older look says nothing about it.
    func allowsStart(of job: JobID, describedAt moment: Instant) -> Bool {
        last.withLock { $0.asked <= moment || !$0.stopped.contains(job) }
    }

    /// Whether going on with the job's shards is no use to anybody.
    func isCancelled(_ job: JobID) -> Bool { last.withLock { $0.cancelled.contains(job) } }
}
