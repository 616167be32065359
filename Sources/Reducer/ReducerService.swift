internal import Compression
internal import Domain
package import Logging
package import Queue
internal import ServiceLifecycle
package import Store
internal import Telemetry
internal import Trends

/// The reducer role: merges the partials of every lane into PostgreSQL, exactly once.
///
/// Any number may run: the ledger decides which of two merges of one shard counts.
package struct ReducerService: Service {
    private let queues: [LaneQueue]
    private let store: Store
    private let logger: Logger
    private let faultPoint: FaultPoint?

    /// Results merged in one transaction at most: enough to fold neighbouring shards into the same rows before they
    /// are written, few enough that one transaction's memory and locks stay small.
    private static let batchSize = 64

    /// Workers end a part at about 4 MiB; the rest is room for one long batch and for versions to come.
    private static let partLimit = 64 << 20

    /// - Parameter faultPoint: where this process ends itself, for tests of what survives that.
    package init(queues: [LaneQueue], store: Store, logger: Logger, faultPoint: FaultPoint? = nil) {
        self.queues = queues
        self.store = store
        self.logger = logger
        self.faultPoint = faultPoint
    }

    /// Merges until graceful shutdown.
    package func run() async throws {
        logger.info("reducer is up")
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for queue in queues { group.addTask { await reduce(queue) } }
            }
        }
        logger.info("reducer is down")
    }

    private func reduce(_ queue: LaneQueue) async {
        let metrics = ReducerMetrics(lane: queue.lane.rawValue)
        var backoff = Backoff()
        var lastSweep = ContinuousClock.now
        while !Task.isCancelled {
            do {
                if ContinuousClock.now - lastSweep > queue.settings.profile.sweep {
                    lastSweep = .now
                    try await merge(queue.reclaimResults(max: Self.batchSize), from: queue, metrics)
                }
                try await merge(queue.results(max: Self.batchSize, block: .seconds(2)), from: queue, metrics)
                backoff.reset()
            } catch {
                guard !Task.isCancelled else { break }
                await backoff.wait(logger, "cannot merge results", error)
            }
        }
        try? await queue.leave()
    }

    /// A part comes compressed.
    private static func partial(_ part: [UInt8]) throws -> Partial {
        try Partial(encoded: ZstdFrame.decompressed(part, limit: partLimit))
    }

    /// One transaction, then the acknowledgement.
    ///
    /// A crash between them leads to a second try, which adds nothing.
    private func merge(_ results: [ShardResult], from queue: LaneQueue, _ metrics: ReducerMetrics) async throws {
        guard !results.isEmpty else { return }
        let started = ContinuousClock.now
        var items: [MergeItem] = []
        for result in results {
            do {
                let partials = try result.parts.map(Self.partial)
                items.append(MergeItem(shard: result.shard, attempt: result.attempt, parts: partials))
            } catch {
                logger.error("a result cannot be read", metadata: ["shard": "\(result.shard)", "error": "\(error)"])
                try await store.recordFailure(result.shard, reason: "unreadable result: \(error)", isPermanent: false)
            }
        }
        let outcome = try await merged(items)
        if !outcome.duplicates.isEmpty {
            logger.info("results merged before were dropped", metadata: ["count": "\(outcome.duplicates.count)"])
        }
        try await queue.acknowledgeResults(results.map(\.entry))
        faultPoint?.reach(.acknowledged)
        metrics.countMerge(
            merged: outcome.merged.count, duplicates: outcome.duplicates.count, took: ContinuousClock.now - started)
    }

    /// Merges, and holds on to the batch while PostgreSQL is away.
    ///
    /// A batch let go comes back only when its lease ends; meanwhile it would keep the workers from claiming.
    private func merged(_ items: [MergeItem]) async throws -> MergeOutcome {
        var backoff = Backoff()
        while true {
            do {
                return try await store.merge(items) { step in faultPoint?.reach(FaultPoint.Step(step)) }
            } catch  where Store.isOutage(error) && !Task.isCancelled {
                await backoff.wait(logger, "cannot merge results", error)
            }
        }
    }
}
