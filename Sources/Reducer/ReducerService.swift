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

    /// Results merged in one transaction at most: enough to fold neighbouring shards into the same rows before they
    /// are written, few enough that one transaction's memory and locks stay small.
    private static let batchSize = 64

    /// Workers end a part at about 4 MiB; the rest is room for one long batch and for versions to come.
    private static let partLimit = 64 << 20

    package init(queues: [LaneQueue], store: Store, logger: Logger) {
        self.queues = queues
        self.store = store
        self.logger = logger
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
        var backoff = Backoff()
        var lastSweep = ContinuousClock.now
        while !Task.isCancelled {
            do {
                if ContinuousClock.now - lastSweep > queue.settings.profile.sweep {
                    lastSweep = .now
                    try await merge(queue.reclaimResults(max: Self.batchSize), from: queue)
                }
                try await merge(queue.results(max: Self.batchSize, block: .seconds(2)), from: queue)
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
    private func merge(_ results: [ShardResult], from queue: LaneQueue) async throws {
        guard !results.isEmpty else { return }
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
        let outcome = try await store.merge(items)
        if !outcome.duplicates.isEmpty {
            logger.info("results merged before were dropped", metadata: ["count": "\(outcome.duplicates.count)"])
        }
        try await queue.acknowledgeResults(results.map(\.entry))
    }
}
