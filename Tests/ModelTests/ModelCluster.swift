import Domain
import Harness
import LocalServers
import Logging
import Postgres
import Redis
import Sketches
import Store
import Trends

@testable import Coordinator
@testable import Queue

/// A real Redis and a real PostgreSQL, for one history after the other.
struct ModelCluster {
    let server: PrivateRedis
    /// Whether a killed Redis comes back with its data.
    let keepsData: Bool
    let redis: RedisClient
    let store: Store
    /// One connection for each reducer.
    let reducerStores: [Store]
    private let database: PostgresConnection

    static let quiet = Logger(label: "model") { _ in SwiftLogNoOpLogHandler() }

    static func with<Result>(
        keepsData: Bool, _ body: (ModelCluster) async throws -> Result
    ) async throws -> Result {
        try await withRedisServer(.init(appendOnly: keepsData)) { server in
            try await withPostgres { url in
                func store() -> Store { Store(url: url, logger: quiet) }
                let cluster = ModelCluster(
                    server: server, keepsData: keepsData, redis: RedisClient(try RedisURL(server.url), logger: quiet),
                    store: store(), reducerStores: (0..<ModelStep.reducers).map { _ in store() },
                    database: PostgresConnection(PostgresSettings(url: url)))
                _ = try await cluster.store.migrate()
                try await cluster.keepEveryCommand()
                return try await body(cluster)
            }
        }
    }

    /// One process's view of the lane.
    func queue(_ consumer: String, namespace: String) -> LaneQueue {
        var settings = QueueSettings()
        settings.consumer = consumer
        settings.namespace = namespace
        settings.resultBound = .max
        settings.profile = LeaseProfile(term: .seconds(15), beat: .seconds(5), sweep: .milliseconds(1))
        return LaneQueue(redis: redis, blocking: nil, lane: .bulk, settings: settings, logger: Self.quiet)
    }

    /// A coordinator's care for the lane, all of it in each round; an idle lane is swept in the second.
    func keeper(_ queue: LaneQueue) -> LaneKeeper {
        var settings = CoordinatorSettings()
        settings.sweep = .zero
        settings.upkeep = .zero
        return LaneKeeper(
            queue: queue, store: store, settings: settings, limit: FlightLimit(nil), logger: Self.quiet)
    }

    // MARK: Accidents and time

    func wipe() async throws { _ = try await redis.send("FLUSHALL") }

    func restart() async throws {
        try await onOwnThread {
            server.kill()
            try server.restart()
        }
        // The first commands may find the old connection ended: no history depends on that.
        for _ in 0..<100 {
            if (try? await redis.send("PING")) != nil { return try await keepEveryCommand() }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Lets the file hold every command that was answered.
    ///
    /// Synced once a second, Redis holds writes back while a sync is slow, so a kill may take up to two seconds of answered
    /// commands with it. The next round does not trust the lane then, but what it holds until then nobody can predict.
    private func keepEveryCommand() async throws {
        if keepsData { _ = try await redis.send("CONFIG", "SET", "appendfsync", "no") }
    }

    /// Makes entries look as if their owner had not been heard of for longer than a term.
    func age(_ entries: [(entry: EntryID, consumer: String)], key: String, group: String) async throws {
        for (entry, consumer) in entries {
            _ = try await redis.send("XCLAIM", key, group, consumer, "0", entry.description, "IDLE", "100000", "JUSTID")
        }
    }

    /// Lets a process look for expired leases at once, whoever looked before.
    func allowLook(_ queue: LaneQueue) async throws {
        queue.ready.forget()
        queue.done.forget()
        _ = try await redis.send("DEL", queue.keys.readySweep, queue.keys.doneSweep)
    }

    /// Failed shards stay away until ``ripen()``: the real pauses are random, and a history must play the same twice.
    func delay(_ shard: ShardID) async throws {
        try await run(
            """
            UPDATE gw.trouble SET retry_at = now() + '1 h'
            WHERE job_id = \(shard.job.rawValue) AND idx = \(shard.index) AND retry_at IS NOT NULL
            """)
    }

    func ripen() async throws {
        try await run("UPDATE gw.trouble SET retry_at = now() - interval '1 s' WHERE retry_at IS NOT NULL")
    }

    /// The shards of a job that have a row in the ledger.
    func ledger(of job: JobID) async throws -> [Int] {
        try await database.use { session in
            try session.query("SELECT idx FROM gw.ledger WHERE job_id = $1 ORDER BY idx", .int4(job.rawValue))
                .map { Int($0.int32(0)) }
        }
    }

    private func run(_ script: String) async throws { try await database.use { try $0.run(script: script) } }

    // MARK: Work

    /// What a shard holds: the same at each try, and different from every other shard's.
    static func result(of shard: ShardID) -> Partial {
        var measures = Measures()
        measures.posts = Int64(shard.index) + 1
        measures.engagement = Int64(shard.index) * 7
        measures.authors.insert(hash: MurmurHash3.hash64("author \(shard)"))
        var partial = Partial()
        for grain in Grain.allCases {
            let start = grain.start(of: Timestamp(seconds: 1_709_510_400 + Int64(shard.index % 3) * 3600))
            let key = RollupKey(grain: grain, start: start, brand: 0, platform: .x, language: "en")
            partial.rollups[key] = measures
        }
        let term = TermKey(
            start: 1_709_510_400, brand: 0, platform: .x, language: "en", kind: .hashtag, term: "t\(shard.index % 2)")
        partial.terms[term] = 1
        partial.totals.records = measures.posts
        partial.totals.posts = measures.posts
        return partial
    }

    static func submission(key: String?) -> JobSubmission {
        let source = SourceDescription(place: .file(path: "/dev/null"), format: .jsonLines, compression: .none)
        return JobSubmission(
            key: key, monitor: "model", monitorYAML: "", monitorVersion: "1", brands: [("a", "a")], sources: [source])
    }
}
