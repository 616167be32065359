internal import Domain
package import Logging
package import Queue
internal import ServiceLifecycle
package import Store
internal import Telemetry

/// The coordinator role: keeps a bounded window of shard ids in Redis, heals it after losses, and fires schedules.
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
        await cancelWhenGracefulShutdown {
            await repeatedly(every: settings.election, "the coordinator cannot work") {
                guard let leadership = try await store.tryLead() else { return }
                logger.info("this coordinator leads")
                await lead(leadership)
                await leadership.resign()
            }
        }
        logger.info("coordinator is down")
    }

    /// All duties side by side, so that none waits for another, until the lead is lost.
    private func lead(_ leadership: Leadership) async {
        let limit = FlightLimit(settings.maxInFlight)
        await withDiscardingTaskGroup { duties in
            for queue in queues { duties.addTask { await keep(queue, limit) } }
            duties.addTask { await endJobs() }
            let schedules = ScheduleKeeper(store: store.sibling(), logger: logger)
            duties.addTask {
                await repeatedly(every: settings.schedules, "cannot fire schedules") { try await schedules.round() }
            }
            let watches = store.sibling()
            duties.addTask {
                await repeatedly(every: settings.upkeep, "cannot tell what series are due") {
                    try await watches.markDueWatches()
                }
            }
            await watch(leadership)
            duties.cancelAll()
        }
    }

    /// Shows the server that this leader lives; returns when it does not lead any more.
    private func watch(_ leadership: Leadership) async {
        do {
            while try await leadership.isHeld() { try await Task.sleep(for: settings.election) }
            logger.warning("the lead was lost")
        } catch {
            guard !Task.isCancelled else { return }
            logger.warning("the lead was lost", metadata: ["error": "\(error)"])
        }
    }

    private func keep(_ queue: LaneQueue, _ limit: FlightLimit) async {
        var lane = LaneKeeper(queue: queue, store: store.sibling(), settings: settings, limit: limit, logger: logger)
        await repeatedly(every: settings.tick(of: queue.lane), "cannot fill a lane") { try await lane.round() }
    }

    private func endJobs() async {
        await repeatedly(every: settings.tick, "cannot end jobs") {
            for job in try await store.completeFinishedJobs() {
                logger.info("a job ended", metadata: ["job": "\(job)"])
            }
        }
    }

    /// Repeats a step until cancelled, with growing pauses while it fails.
    private func repeatedly(
        every pause: Duration, _ trouble: Logger.Message, _ step: () async throws -> Void
    ) async {
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                try await step()
                backoff.reset()
                try await Task.sleep(for: pause)
            } catch {
                guard !Task.isCancelled else { return }
                await backoff.wait(logger, trouble, error)
            }
        }
    }
}
