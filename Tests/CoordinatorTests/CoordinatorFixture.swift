import Domain
import Harness
import Logging
import Postgres
import Queue
import Redis
import Store

@testable import Coordinator

/// Real servers, coordinators in this process, and claims made by the test itself.
struct CoordinatorFixture: Sendable {
    let postgres: String
    let redis: RedisClient
    let store: Store
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func with(_ body: (CoordinatorFixture) async throws -> Void) async throws {
        try await withPostgres { postgres in
            try await withRedis { redis in
                let store = Store(url: postgres, logger: logger)
                _ = try await store.migrate()
                let fixture = CoordinatorFixture(
                    postgres: postgres, redis: RedisClient(try RedisURL(redis), logger: logger), store: store)
                try await body(fixture)
            }
        }
    }

    func queue(_ lane: Lane = .bulk, role: String = "worker") -> LaneQueue {
        var settings = QueueSettings(role: role)
        settings.resultBound = .max
        return LaneQueue(
            redis: redis, blocking: redis.sibling(), lane: lane, settings: settings, logger: Self.logger)
    }

    func coordinator(_ change: (inout CoordinatorSettings) -> Void = { _ in }) -> CoordinatorService {
        var settings = CoordinatorSettings()
        change(&settings)
        return CoordinatorService(
            settings: settings, queues: settings.lanes.map { queue($0, role: "coordinator") },
            store: Store(url: postgres, logger: Self.logger), logger: Self.logger)
    }

    /// Runs `body` beside a coordinator that has prepared every lane; it is gone when this returns.
    func coordinating(
        _ change: (inout CoordinatorSettings) -> Void = { _ in }, _ body: () async throws -> Void
    ) async throws {
        let service = coordinator(change)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            for lane in Lane.allCases { _ = try await eventually { try await queue(lane).generation() != nil } }
            try await body()
            group.cancelAll()
        }
    }

    /// A job of shards of one byte, dealt out to some sources.
    func submit(
        _ shards: Int, lane: Lane = .bulk, sources: Int = 1, share: JobShare = JobShare()
    ) async throws -> JobID {
        let source = SourceDescription(place: .file(path: "/dev/null"), format: .jsonLines, compression: .none)
        let submission = JobSubmission(
            monitor: "m", monitorYAML: "", monitorVersion: "", brands: [("b", "b")], lane: lane, share: share,
            sources: Array(repeating: source, count: sources))
        let slices = (0..<shards).lazy.map { ShardSlice(source: $0 % sources, offset: Int64($0), length: 1) }
        return try await store.submit(submission, shards: Array(slices)).job
    }

    /// Claims `count` shards in batches and ends each lease at once, in order; fewer when nothing comes for a while.
    func drain(
        _ count: Int, from queue: LaneQueue, batch: Int = 64, patience: Duration = .seconds(20)
    ) async throws -> [ShardID] {
        var drained: [ShardID] = []
        var last = ContinuousClock.now
        while drained.count < count, ContinuousClock.now - last < patience {
            guard case .leases(let leases) = try await queue.claim(max: min(batch, count - drained.count)),
                !leases.isEmpty
            else {
                try await Task.sleep(for: .milliseconds(5))
                continue
            }
            drained += leases.map(\.shard)
            try await queue.acknowledge(leases)
            last = .now
        }
        return drained
    }

    func merge(_ shards: [ShardID]) async throws {
        _ = try await store.merge(shards.map { MergeItem(shard: $0, attempt: 1, parts: []) })
    }

    func execute(_ sql: String) async throws {
        try await PostgresConnection(PostgresSettings(url: postgres)).use { try $0.run(script: sql) }
    }

    func number(_ sql: String) async throws -> Int {
        try await PostgresConnection(PostgresSettings(url: postgres)).use { session in
            Int(try session.query(sql).first?.int(0) ?? -1)
        }
    }
}

/// Waits until something holds; `false` when it does not within half a minute.
func eventually(_ isTrue: () async throws -> Bool) async rethrows -> Bool {
    for _ in 0..<1500 {
        if try await isTrue() { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return false
}
