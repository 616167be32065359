package import Domain

/// How much one worker process takes on.
package struct WorkerSettings: Sendable {
    /// Threads that parse and infer; one per core is best.
    package var threads: Int
    /// Lanes served, first the most urgent.
    package var lanes: [Lane] = [.live, .bulk, .series]
    /// Those that have queues: the series are judged as PostgreSQL says.
    package var queueLanes: [Lane] { lanes.filter { $0 != .series } }
    /// Shards held at once by a thread at most: small shards travel in batches, so that the queue is no bottleneck.
    package var heldPerThread = 64
    /// A batch of claims should be about this much work: enough to hide round trips, little to lose with a worker.
    package var claimSeconds = 0.5

    /// How long one record may take in a trial before it counts as a death.
    package var trialPatience = Duration.seconds(60)

    package init(threads: Int) { self.threads = threads }
}
