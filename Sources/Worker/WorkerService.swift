internal import Anomalies
internal import Domain
package import Logging
package import Queue
internal import ServiceLifecycle
package import Store

/// The worker role: leases shards of every lane, infers on threads of its own, publishes partials.
///
/// Stateless: all it knows of a job it reads from PostgreSQL, all it produces goes into the lane's `done` stream.
package struct WorkerService: Service {
    private let settings: WorkerSettings
    private let queues: [LaneQueue]
    private let store: Store
    private let catalog: JobCatalog
    private let trials: TrialRoom
    private let readings: ReadingGauge
    private let anomalyFolder: String
    private let logger: Logger

    /// - Parameters:
    ///   - queues: one per lane of the settings that has a queue, in the same order.
    ///   - trial: the program that tries shards which may have ended a worker.
    package init(
        settings: WorkerSettings, queues: [LaneQueue], store: Store, models: ModelShelf, trial: TrialProgram,
        logger: Logger
    ) {
        self.settings = settings
        self.queues = queues
        self.store = store
        catalog = JobCatalog(store: store, models: models)
        anomalyFolder = "\(models.folder)/anomaly"
        readings = ReadingGauge(cache: models.cache)
        trials = TrialRoom(
            program: trial, models: models.folder, patience: settings.trialPatience, logger: logger)
        self.logger = logger
    }

    /// Works until graceful shutdown, then hands back what it holds and returns.
    package func run() async throws {
        logger.info("worker is up", metadata: ["threads": "\(settings.threads)"])
        await withDiscardingTaskGroup { group in
            for queue in queues {
                let lane = LaneWorker(
                    settings: settings, queue: queue, store: store, catalog: catalog, trials: trials,
                    readings: readings, logger: logger)
                group.addTask { await lane.run() }
            }
            if settings.lanes.contains(.series) { group.addTask { await judgeSeries() } }
        }
        logger.info("worker is down")
    }

    private func judgeSeries() async {
        do {
            let judge = WatchJudge(try AnomalyModel(folder: anomalyFolder))
            await SeriesWorker(store: store.sibling(), judge: judge, logger: logger).run()
        } catch {
            logger.warning("this worker looks for no anomalies", metadata: ["error": "\(error)"])
        }
    }
}
