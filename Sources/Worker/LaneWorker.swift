internal import Domain
internal import Logging
internal import Queue
internal import ServiceLifecycle
internal import Store
internal import Synchronization
internal import Telemetry

/// One worker process's share in one lane: claim → work → settle, with heartbeats beside them.
///
/// Claims flow through a stream to the threads, outcomes through the outbox to the queue, so each step is one loop.
final class LaneWorker: Sendable {
    /// A leased shard, with what PostgreSQL says of it.
    struct Assignment: Sendable {
        let lease: Lease
        let shard: ShardDescription
        let context: JobContext
        /// When the description was asked for.
        let described: ContinuousClock.Instant
    }

    /// What became of a lease.
    enum Outcome: Sendable {
        case finished(parts: [[UInt8]])
        /// Lost to another worker, or the process is stopping: the shard goes back without burning an attempt.
        case abandoned
        /// Nothing to do: merged already, dead, or its job was paused or cancelled.
        case settled
        case failed(reason: String, FailureClass)

        /// What an error makes of a shard; a server that is away is no failing of the shard's.
        init(of error: any Error) {
            self =
                error is CancellationError || Store.isOutage(error)
                ? .abandoned : .failed(reason: "\(error)", FailureClass(of: error))
        }
    }

    /// How long a claim waits for work: an idle worker sends less than one command a second for all its lanes.
    private static let patience = Duration.seconds(5)
    /// How long work that goes on after the signal to stop is waited for: the hand-back is to be done within 2 s.
    private static let grace = Duration.milliseconds(1500)

    let queue: LaneQueue
    let store: Store
    let logger: Logger
    let metrics: WorkerMetrics
    let readings: ReadingGauge
    let threads: InferenceThreads
    /// Threads that wait for trial processes.
    let trialThreads: InferenceThreads
    let trials: TrialRoom
    let undertakings = Undertakings<Outcome>()
    let looks = JobLooks()
    let held: HeldShards
    let outbox = Outbox<(lease: Lease, outcome: Outcome)>()
    let claimSize: Mutex<ClaimSize>
    /// Sent when leases end, so that the claims go on.
    let room = Signal()
    private let catalog: JobCatalog
    private let assignments: AsyncStream<Assignment>
    private let assign: AsyncStream<Assignment>.Continuation

    init(
        settings: WorkerSettings, queue: LaneQueue, store: Store, catalog: JobCatalog, trials: TrialRoom,
        readings: ReadingGauge, logger: Logger
    ) {
        self.queue = queue
        self.readings = readings
        held = HeldShards(profile: queue.settings.profile)
        self.store = store
        self.catalog = catalog
        self.trials = trials
        threads = InferenceThreads(
            count: settings.threads, name: "\(queue.lane.rawValue)",
            niceness: queue.lane == .live ? 0 : InferenceThreads.backgroundNiceness)
        trialThreads = InferenceThreads(count: settings.threads, name: "trial")
        var logger = logger
        logger[metadataKey: "lane"] = "\(queue.lane.rawValue)"
        self.logger = logger
        metrics = WorkerMetrics(lane: queue.lane.rawValue)
        claimSize = Mutex(ClaimSize(settings: settings))
        // Bounded by the claims: never more than the capacity of `claimSize`.
        (assignments, assign) = AsyncStream.makeStream()
    }

    /// Works until graceful shutdown; heartbeats end only after the last shard is finished or handed back.
    func run() async {
        await withTaskGroup(of: Void.self) { duties in
            duties.addTask { await self.beat() }
            duties.addTask { await self.lookAtJobs() }
            duties.addTask { await self.giveUpAfterGrace() }
            await withTaskGroup(of: Void.self) { flow in
                flow.addTask { await self.claimUntilShutdown() }
                flow.addTask { await self.workOnAssignments() }
                flow.addTask { await self.outbox.drain(self.settle) }
            }
            duties.cancelAll()
        }
        threads.stop()
        trialThreads.stop()
        try? await queue.leave()
    }

    /// A batch ends soon enough by itself; a single record that takes long must not keep the others' shards here.
    private func giveUpAfterGrace() async {
        do {
            try await gracefulShutdown()
            try await Task.sleep(for: Self.grace)
        } catch {
            return
        }
        undertakings.giveUp()
    }

    // MARK: Claim

    private func claimUntilShutdown() async {
        await withGracefulShutdownHandler {
            await cancelWhenGracefulShutdown { await self.claim() }
        } onGracefulShutdown: {
            self.held.stop()
        }
        assign.finish()
    }

    private func claim() async {
        var backoff = Backoff()
        var lastSweep = ContinuousClock.now
        while !Task.isCancelled {
            let free = claimSize.withLock { $0.capacity } - held.count
            guard free > 0 else {
                _ = await room.wait()
                continue
            }
            do {
                let now = ContinuousClock.now
                if now - lastSweep >= queue.settings.profile.sweep {
                    let leases = try await queue.reclaim(max: free)
                    // More may have expired than fit: they go before new ones, not one with each later look.
                    if leases.count < free { lastSweep = now }
                    try await take(leases, since: now, areReclaimed: true)
                    if !leases.isEmpty { continue }
                }
                switch try await queue.claim(max: free, block: Self.patience) {
                // After a read that waited the term began when the shards came, so this is on the safe side.
                case .leases(let leases): try await take(leases, since: now, areReclaimed: false)
                case .empty: break
                case .backpressure:
                    await backoff.wait()
                    continue
                case .lost:
                    await backoff.wait(logger, "waiting for a coordinator", QueueError.lost)
                    continue
                }
                backoff.reset()
            } catch {
                guard !Task.isCancelled else { return }
                await backoff.wait(logger, "cannot claim shards", error)
            }
        }
    }

    /// Looks the shards up and passes on those that need work.
    private func take(_ leases: [Lease], since moment: ContinuousClock.Instant, areReclaimed: Bool) async throws {
        guard !leases.isEmpty else { return }
        held.hold(leases, since: moment)
        let described = ContinuousClock.now
        areReclaimed ? metrics.countReclaimed(leases.count) : metrics.countClaimed(leases.count)
        let standings: [ShardID: ShardStanding]
        do {
            if areReclaimed { try await store.recordReclaims(leases.map(\.shard)) }
            standings = try await store.describe(leases.map(\.shard))
        } catch {
            for lease in leases { outbox.put((lease, .abandoned)) }
            throw error
        }
        for lease in leases {
            guard case .waiting(let shard)? = standings[lease.shard] else {
                outbox.put((lease, .settled))
                continue
            }
            do {
                let context = try await catalog.context(of: shard.id.job)
                assign.yield(Assignment(lease: lease, shard: shard, context: context, described: described))
            } catch {
                outbox.put((lease, Outcome(of: error)))
            }
        }
    }

    // MARK: Work

    private func workOnAssignments() async {
        await withDiscardingTaskGroup { shards in
            for await assignment in assignments {
                shards.addTask { self.outbox.put((assignment.lease, await self.perform(assignment))) }
            }
        }
        outbox.close()
    }
}
