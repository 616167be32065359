internal import Domain
package import Logging
package import Queue
internal import ServiceLifecycle
package import Store
internal import Telemetry

/// The coordinator role: keeps a bounded window of shard ids in Redis and heals it after losses.
///
/// One leads by an advisory lock of PostgreSQL, others stand by. Workers go on while none leads.
package struct CoordinatorService: Service {
    private let settings: CoordinatorSettings
    private let queues: [LaneQueue]
    private let store: Store
    private let logger: Logger

    package init(settings: CoordinatorSettings, queues: [LaneQueue], store: Store, logger: Logger) {
        self.settings = settings
        self.queues = queues
        self.store = store
        self.logger = logger
    }

    /// Leads or stands by until graceful shutdown.
    package func run() async throws {
        logger.info("coordinator is up")
        await cancelWhenGracefulShutdown { await electAndLead() }
        logger.info("coordinator is down")
    }

    private func electAndLead() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                if let leadership = try await store.tryLead() {
                    logger.info("this coordinator leads")
                    try await lead(leadership)
                }
                backoff.reset()
                try await Task.sleep(for: settings.election)
            } catch {
                guard !Task.isCancelled else { return }
                await backoff.wait(logger, "the coordinator cannot work", error)
            }
        }
    }

    /// Rounds over all lanes until the lead is lost.
    private func lead(_ leadership: Leadership) async throws {
        var lanes = queues.map { LaneKeeper(queue: $0, store: store, settings: settings, logger: logger) }
        var backoff = Backoff()
        while try await leadership.isHeld() {
            do {
                for index in lanes.indices { try await lanes[index].round() }
                for job in try await store.completeFinishedJobs() {
                    logger.info("a job ended", metadata: ["job": "\(job)"])
                }
                backoff.reset()
            } catch {
                // Redis away is no reason to give up the lead: nobody else could do better.
                guard !Task.isCancelled else { throw error }
                await backoff.wait(logger, "the coordinator cannot work", error)
            }
            try await Task.sleep(for: settings.tick)
        }
        logger.warning("the lead was lost")
    }
}
