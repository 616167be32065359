import ArgumentParser
import Domain
import Foundation
import LocalServers
import Logging
import Queue
import Redis
import Store
import Trends

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Time the empty queue: shards/s through lease and finish, and through ledger and merge.",
        discussion: "Example: loadtest queue --shards 100000 --workers 2")

    @Option(help: "Shards.") var shards = 100_000
    @Option(help: "Claiming tasks, each with a connection of its own.") var workers = 2
    @Option(help: "Shards claimed and finished together.") var batch = 100
    @Option(help: "Append the report to this file.") var record: String?

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("loadtest-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let redis = try PrivateRedis.start(in: "\(folder)/redis")
        let postgres = try PrivatePostgres.start(in: "\(folder)/postgres")
        defer {
            redis.stop()
            postgres.stop()
        }
        let store = Store(url: postgres.url, logger: Logger(label: "loadtest"))
        _ = try await store.migrate()
        let job = try await submit(to: store)
        let url = try RedisURL(redis.url)
        let coordinator = queue(url, role: "coordinator")
        try await coordinator.prepare(generation: 1)

        var report = Report()
        report.addMachine()
        report.add("shards", "\(shards), \(workers) workers, batches of \(batch)")
        let enqueueing = try await seconds {
            try await coordinator.enqueue((0..<shards).map { ShardID(job: job, index: UInt32($0)) })
        }
        report.add("enqueue", Double(shards) / enqueueing, "shards/s")
        let draining = try await seconds { try await drain(url) }
        report.add("lease and finish", Double(shards) / draining, "shards/s")
        let merging = try await seconds { try await merge(url, store) }
        report.add("ledger and merge", Double(shards) / merging, "shards/s")
        try report.publish(record: record)
    }

    private func submit(to store: Store) async throws -> JobID {
        let source = SourceDescription(place: .file(path: "/dev/null"), format: .jsonLines, compression: .none)
        let submission = JobSubmission(
            monitor: "empty", monitorYAML: "", monitorVersion: "0", brands: [("none", "none")], sources: [source])
        let slices = (0..<shards).map { ShardSlice(source: 0, offset: Int64($0), length: 1) }
        return try await store.submit(submission, shards: slices).job
    }

    private func queue(_ url: RedisURL, role: String) -> LaneQueue {
        var settings = QueueSettings(role: role)
        settings.resultBound = .max
        let redis = RedisClient(url)
        return LaneQueue(redis: redis, blocking: redis.sibling(), lane: .bulk, settings: settings)
    }

    private func drain(_ url: RedisURL) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers {
                group.addTask {
                    let queue = queue(url, role: "worker")
                    let part = try Partial().encoded()
                    while case .leases(let leases) = try await queue.claim(max: batch) {
                        _ = try await queue.finish(leases.map { Finished(lease: $0, parts: [part]) })
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func merge(_ url: RedisURL, _ store: Store) async throws {
        let queue = queue(url, role: "reducer")
        while true {
            let results = try await queue.results(max: 1000)
            guard !results.isEmpty else { return }
            let items = try results.map {
                MergeItem(shard: $0.shard, attempt: $0.attempt, parts: try $0.parts.map { try Partial(encoded: $0) })
            }
            _ = try await store.merge(items)
            try await queue.acknowledgeResults(results.map(\.entry))
        }
    }

    private func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let started = ContinuousClock.now
        try await body()
        return (ContinuousClock.now - started) / .seconds(1)
    }
}
