/// Decides how many shards to claim at once from how long shards took lately.
///
/// A value without clock: durations come in, sizes come out.
struct ClaimSize {
    private let threads: Int
    private let limit: Int
    private let target: Double
    /// Mean seconds a shard, weighting the last ones most; `nil` before the first.
    private var secondsPerShard: Double?

    init(settings: WorkerSettings) {
        threads = settings.threads
        limit = settings.threads * settings.heldPerThread
        target = settings.claimSeconds
    }

    mutating func observed(seconds: Double) {
        // A quarter for the newest: a change in shard size shows after a few shards.
        secondsPerShard = secondsPerShard.map { $0 * 0.75 + seconds * 0.25 } ?? seconds
    }

    /// How many shards may be held: one more than threads while nothing is known, so that a thread never waits long.
    var capacity: Int {
        guard let secondsPerShard else { return threads + 1 }
        let enough = Double(threads) * target / max(secondsPerShard, 1e-6)
        return min(limit, max(threads + 1, Int(enough)))
    }
}
