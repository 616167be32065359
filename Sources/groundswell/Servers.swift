import Domain
import Logging
import Queue
import Redis
import Store

/// The connections of one role process.
struct Servers: Sendable {
    let store: Store
    private let redis: RedisClient
    private let queueSettings: QueueSettings
    private let logger: Logger

    init(_ settings: Settings, role: String, lease: LeaseProfile, logger: Logger) async throws {
        self.logger = logger
        redis = RedisClient(try RedisURL(settings.redisURL()), logger: logger)
        store = try await Store.open(settings.postgresURL(), application: "groundswell \(role)", logger: logger)
        var queueSettings = QueueSettings(role: role)
        queueSettings.profile = lease
        self.queueSettings = queueSettings
    }

    /// The queues of the lanes, each with a connection of its own for reads that wait.
    ///
    /// - Throws: when the Redis server may not carry a queue.
    func queues(_ lanes: [Lane]) async throws -> [LaneQueue] {
        let queues = lanes.map {
            LaneQueue(redis: redis, blocking: redis.sibling(), lane: $0, settings: queueSettings, logger: logger)
        }
        for warning in try await queues.first?.checkServer() ?? [] { logger.warning("\(warning)") }
        return queues
    }

    /// Whether both servers answer.
    @Sendable func answer() async -> Bool {
        do {
            _ = try await redis.send("PING")
            try await store.ping()
            return true
        } catch {
            return false
        }
    }
}
