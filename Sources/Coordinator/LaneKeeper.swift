internal import Domain
internal import Logging
internal import Queue
internal import Store
internal import Telemetry

/// Keeps one lane of the queue filled and whole.
struct LaneKeeper {
    private let queue: LaneQueue
    private let store: Store
    private let settings: CoordinatorSettings
    private let logger: Logger
    private let metrics: CoordinatorMetrics
    private var plan = DispatchPlan()
    /// Since when nothing waited, ran or awaited its merge; `nil` while something did.
    private var idleSince: ContinuousClock.Instant?

    /// Names of consumers that left without a word are kept this long, for people who look for them.
    private static let consumerMemory = Duration.seconds(3600)
    /// Ids sent or read in one go: 160 kB on the wire.
    private static let page = 10_000

    init(queue: LaneQueue, store: Store, settings: CoordinatorSettings, logger: Logger) {
        self.queue = queue
        self.store = store
        self.settings = settings
        self.logger = logger
        metrics = CoordinatorMetrics(lane: queue.lane.rawValue)
    }

    /// One round: heal, resend what is due, fill the window.
    mutating func round() async throws {
        try await heal()
        let retries = try await store.dueRetries(in: queue.lane, limit: Self.page)
        try await queue.enqueue(retries)

        let depth = try await queue.depth()
        metrics.show(waiting: depth.waiting, inFlight: depth.inFlight, results: depth.results)
        try await sweepWhenIdle(depth)
        let places = settings.window - depth.waiting - depth.inFlight
        guard places > 0 else { return }
        let jobs = try await store.runnableJobs(in: queue.lane)
        let shares = plan.share(
            places,
            among: jobs.map { .init(job: $0.job, weight: $0.weight, waiting: $0.shards - $0.nextShard) })
        for job in jobs { try await send(shares[job.job, default: 0], of: job) }
    }

    /// Sends first and moves the cursor after: a crash between them sends shards twice, which the ledger forgives,
    /// where the other order would forget them.
    private func send(_ count: Int, of job: RunnableJob) async throws {
        var next = job.nextShard
        let end = next + count
        while next < end {
            let upper = min(end, next + Self.page)
            try await queue.enqueue((next..<upper).map { ShardID(job: job.job, index: UInt32($0)) })
            try await store.advance(job.job, to: upper)
            next = upper
        }
    }

    /// A missing or foreign generation means that Redis lost its data: everything sent and not merged goes out again.
    private mutating func heal() async throws {
        let expected = try await store.generation(of: queue.lane)
        if let found = try await queue.generation(), found == expected { return }
        logger.warning("the lane lost its data or is new: sending unmerged shards again")
        metrics.countGeneration()
        // The generation comes last: a coordinator that dies on the way leaves none, and the next begins again.
        let generation = try await store.raiseGeneration(of: queue.lane)
        try await queue.reset()
        try await resendUnmerged()
        try await queue.prepare(generation: generation)
    }

    /// The slow sweep: a lane with nothing to do whose jobs are not complete lost something on the way.
    private mutating func sweepWhenIdle(_ depth: Depth) async throws {
        guard depth.waiting + depth.inFlight + depth.results == 0 else {
            idleSince = nil
            return
        }
        guard let since = idleSince else {
            idleSince = .now
            return
        }
        guard ContinuousClock.now - since > settings.sweep else { return }
        idleSince = .now
        _ = try await queue.forgetConsumers(silentFor: Self.consumerMemory)
        try await resendUnmerged()
    }

    private func resendUnmerged() async throws {
        var sent = 0
        for job in try await store.runnableJobs(in: queue.lane, includingSent: true) {
            var after = -1
            while true {
                let shards = try await store.unmergedShards(of: job.job, after: after, limit: Self.page)
                guard let last = shards.last else { break }
                try await queue.enqueue(shards)
                after = Int(last.index)
                sent += shards.count
            }
        }
        if sent > 0 { logger.warning("unmerged shards were sent again", metadata: ["shards": "\(sent)"]) }
    }
}
