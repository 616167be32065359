import Domain
import Harness
import LocalServers
import Redis
import Testing

@testable import Queue

/// A lane on a private server, and the processes around it.
struct QueueFixture {
    /// Each look may follow the last one at once.
    ///
    /// Terms are not waited for: see `age`.
    static let sweeping = LeaseProfile(term: .seconds(15), beat: .seconds(5), sweep: .milliseconds(1))

    let server: PrivateRedis
    let redis: RedisClient

    static func with(
        _ settings: PrivateRedis.Settings = .init(), _ body: (QueueFixture) async throws -> Void
    ) async throws {
        try await withRedisServer(settings) { server in
            let redis = RedisClient(try RedisURL(server.url), logger: .quiet)
            try await body(QueueFixture(server: server, redis: redis))
        }
    }

    /// One process's view of the lane.
    func queue(
        _ consumer: String = "worker", profile: LeaseProfile = sweeping, lane: Lane = .bulk,
        _ change: (inout QueueSettings) -> Void = { _ in }
    ) -> LaneQueue {
        var settings = QueueSettings()
        settings.consumer = consumer
        settings.profile = profile
        change(&settings)
        return LaneQueue(redis: redis, blocking: redis.sibling(), lane: lane, settings: settings, logger: .quiet)
    }

    /// A prepared lane with shards waiting.
    func filled(_ shards: [ShardID]) async throws -> LaneQueue {
        let queue = queue("coordinator")
        try await queue.prepare(generation: 1)
        try await queue.enqueue(shards)
        return queue
    }

    /// Makes leases look as if nobody had renewed them for a time, without waiting, and lets the next look be soon.
    func age(_ leases: [Lease], of queue: LaneQueue, by time: Duration) async throws {
        queue.ready.forget()
        if queue.settings.profile.sweep < .seconds(1) { _ = try await redis.send("DEL", queue.keys.readySweep) }
        for lease in leases {
            _ = try await redis.send(
                "XCLAIM", queue.keys.ready, LaneQueue.workerGroup, queue.settings.consumer, "0",
                lease.entry.description, "IDLE", String(time.milliseconds), "JUSTID")
        }
    }

    func flush() async throws { _ = try await redis.send("FLUSHALL") }

    static func shards(_ range: Range<UInt32>, job: Int32 = 1) -> [ShardID] {
        range.map { ShardID(job: JobID(rawValue: job), index: $0) }
    }
}

extension LaneQueue {
    /// Leases what waits, or nothing.
    func claimed(_ max: Int = 100, block: Duration = .zero) async throws -> [Lease] {
        switch try await claim(max: max, block: block) {
        case .leases(let leases): leases
        case .empty, .backpressure, .lost: []
        }
    }
}

extension [Lease] {
    /// The leases with one-part results.
    func finished(_ part: [UInt8] = [1, 2, 3]) -> [Finished] { map { Finished(lease: $0, parts: [part]) } }
}
