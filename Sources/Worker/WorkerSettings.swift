package import Domain

/// How much one worker process takes on.
package struct WorkerSettings: Sendable {
    /// Threads that parse and infer; one per core is best.
    package var threads: Int
    /// Lanes served, first the most urgent.
    package var lanes: [Lane] = [.live, .bulk]
    /// Shards held at once by a thread at most: small shards travel in batches, so that the queue is no bottleneck.
    package var heldPerThread = 64
    /// A batch of claims should be about this much work: enough to hide round trips, little to lose with a worker.
    package var claimSeconds = 0.5

    package init(threads: Int) { self.threads = threads }
}
