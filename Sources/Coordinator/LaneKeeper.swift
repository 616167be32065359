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
    private let limit: FlightLimit
    private let logger: Logger
    private let metrics: CoordinatorMetrics
    private var plan = DispatchPlan()
    private var window: WindowSize
    private var buckets = SourceBuckets()
    /// When the lane is to be checked again; `nil` for at once.
    private var nextUpkeep: ContinuousClock.Instant?
    /// Since when nothing waited, ran or awaited its merge; `nil` while something did.
    private var idleSince: ContinuousClock.Instant?

    /// Names of consumers that left without a word are kept this long, for people who look for them.
    private static let consumerMemory = Duration.seconds(3600)
    /// Ids sent or read in one go: 160 kB on the wire.
    private static let page = 10_000
    /// Shards that a mark moves up in one upkeep at most: a tenth of a second, and more than are merged meanwhile.
    private static let stretch = 50_000

    /// - Parameter store: a connection of the lane's own, so that no lane waits for another's queries.
    init(queue: LaneQueue, store: Store, settings: CoordinatorSettings, limit: FlightLimit, logger: Logger) {
        self.queue = queue
        self.store = store
        self.settings = settings
        self.limit = limit
        self.logger = logger
        metrics = CoordinatorMetrics(lane: queue.lane.rawValue)
        window = WindowSize(limit: settings.window)
    }

    /// One round: heal and resend what is due now and then, and fill the window.
    mutating func round() async throws {
        let now = ContinuousClock.now
        let isDue = nextUpkeep.map { now >= $0 } ?? true
        let next = isDue ? now + settings.upkeep : nextUpkeep
        // A round that fails leaves the lane in doubt: the next one begins with the upkeep.
        nextUpkeep = nil
        if isDue { try await keepUp() }
        try await fill()
        nextUpkeep = next
    }

    private mutating func keepUp() async throws {
        try await heal()
        let depth = try await queue.depth()
        metrics.show(waiting: depth.waiting, inFlight: depth.inFlight, results: depth.results)
        try await sendRetries(depth)
        try await sweepWhenIdle(depth)
        try await settle()
    }

    /// Keeps the marks of large jobs close to what is merged: after a loss of Redis nobody wants to wait for a look at
    /// ten million shards of which nearly all are done.
    private func settle() async throws {
        for job in try await store.runnableJobs(in: queue.lane, includingSent: true) where job.nextShard > Self.stretch
        {
            try await store.settle(job.job, stretch: Self.stretch)
        }
        if queue.lane == .live { try await store.settleArriving() }
    }

    // MARK: Fill

    private mutating func fill() async throws {
        let jobs = try await store.runnableJobs(in: queue.lane)
        for job in jobs where job.resend > 0 { try await resend(job) }
        guard !jobs.isEmpty || limit.isSet else { return window.rest() }
        let depth = try await queue.depth()
        window.observed(waiting: depth.waiting, at: .now)
        let places = min(window.target - depth.waiting, settings.window - depth.waiting - depth.inFlight)
        var batch = try await Batch(jobs, places: max(0, places), store: store, buckets: buckets)
        var left = limit.take(
            min(max(0, places), batch.waiting), for: queue.lane,
            inFlight: depth.waiting + depth.inFlight + depth.results)
        while left > 0 {
            let order = plan.order(min(left, Self.page), among: batch.claimants)
            try await send(order, &batch)
            left -= order.count
        }
    }

    /// Sends first and moves the cursors after: a crash between them sends shards twice, which the ledger forgives,
    /// where the other order would forget them.
    private mutating func send(_ order: [JobID], _ batch: inout Batch) async throws {
        let shards = order.map { batch.takeNext(of: $0) }
        try await queue.enqueue(shards)
        window.sent(shards.count)
        try await store.advance(batch.cursors)
        batch.saved(&buckets, at: .now)
    }

    /// A resumed job: what workers dropped while it was paused, and what still waits, goes out (again).
    private func resend(_ job: RunnableJob) async throws {
        let sent = try await sendUnmerged(of: job.job)
        try await store.endResend(of: job.job, asked: job.resend)
        logger.info("a resumed job's shards were sent again", metadata: ["job": "\(job.job)", "shards": "\(sent)"])
    }

    // MARK: Heal

    private func sendRetries(_ depth: Depth) async throws {
        let free = limit.free(for: queue.lane, inFlight: depth.waiting + depth.inFlight + depth.results)
        guard free > 0 else { return }
        try await queue.enqueue(store.dueRetries(in: queue.lane, limit: min(Self.page, free)))
    }

    /// A missing or foreign generation means that Redis lost its data: everything sent and not merged goes out again.
    private func heal() async throws {
        let expected = try await store.generation(of: queue.lane)
        if let found = try await queue.generation(), found == expected { return }
        // The generation is noted last: a coordinator that dies on the way leaves none, and the next begins again.
        guard let generation = try await store.raiseGeneration(of: queue.lane, from: expected) else { return }
        logger.warning(
            "the lane lost its data or is new: sending unmerged shards again", metadata: ["lane": "\(queue.lane)"])
        metrics.countGeneration()
        try await queue.reset()
        try await sendUnmerged()
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
        try await sendUnmerged()
    }

    private func sendUnmerged() async throws {
        var sent = 0
        for job in try await store.runnableJobs(in: queue.lane, includingSent: true) {
            sent += try await sendUnmerged(of: job.job)
        }
        if sent > 0 { logger.warning("unmerged shards were sent again", metadata: ["shards": "\(sent)"]) }
    }

    /// Sends what was sent and is neither merged, dead nor waiting for another try; returns how many.
    @discardableResult
    private func sendUnmerged(of job: JobID) async throws -> Int {
        var sent = 0
        var after = -1
        while true {
            let shards = try await store.unmergedShards(of: job, after: after, limit: Self.page)
            guard let last = shards.last else { return sent }
            try await queue.enqueue(shards)
            after = Int(last.index)
            sent += shards.count
        }
    }
}
