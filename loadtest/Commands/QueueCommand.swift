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
        discussion: """
            Example: loadtest queue --shards 200000 --workers 2
            Example: loadtest queue --shards 200000 --peers peers --peers-home .peers
            With --peers other queues drain empty jobs in the same run: DIR holds setup.sh and queues/run.py.
            """)

    @Option(help: "Shards.") var shards = 100_000
    @Option(help: "Claiming tasks, each with a connection of its own; 1 and 2 with --peers.") var workers = 2
    @Option(help: "Shards claimed and finished together.") var batch = 100
    @Option(help: ArgumentHelp("Time other queues too.", valueName: "dir")) var peers: String?
    @Option(help: "Where the peers' setup.sh put them.") var peersHome = ".peers"
    @Option(help: "Part of the jobs that the peers' script takes by itself.") var peersScale = 1.0
    @Option(help: "Append the report to this file.") var record: String?

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("loadtest-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // As the peers have it: in memory only, over TCP.
        let redis = try PrivateRedis.start(in: "\(folder)/redis", settings: .init(loopbackPort: peers != nil))
        let postgres = try PrivatePostgres.start(in: "\(folder)/postgres")
        defer {
            redis.stop()
            postgres.stop()
        }
        let store = Store(url: postgres.url, logger: Logger(label: "loadtest"))
        _ = try await store.migrate()
        let url = try RedisURL(redis.url)
        try await queue(url, role: "coordinator").prepare(generation: 1)

        var report = Report()
        report.addMachine()
        report.add("shards", "\(shards), batches of \(batch)")
        for workers in peers == nil ? [workers] : [1, 2] { try await time(workers, url, store, &report) }
        if let peers {
            redis.stop()
            postgres.stop()
            PeerQueues(folder: peers, home: peersHome, scale: peersScale).add(to: &report)
        }
        try report.publish(record: record)
    }

    private func time(_ workers: Int, _ url: RedisURL, _ store: Store, _ report: inout Report) async throws {
        let job = try await submit(to: store)
        let coordinator = queue(url, role: "coordinator")
        let enqueueing = try await seconds {
            try await coordinator.enqueue((0..<shards).map { ShardID(job: job, index: UInt32($0)) })
        }
        report.add("enqueue", Double(shards) / enqueueing, "shards/s")
        let draining = try await seconds { try await drain(url, workers) }
        report.add("lease and finish", Double(shards) / draining, "shards/s with \(workers) workers")
        let merging = try await seconds { try await merge(url, store) }
        report.add("ledger and merge", Double(shards) / merging, "shards/s with 1 reducer")
    }

    private func submit(to store: Store) async throws -> JobID {
        let source = SourceDescription(place: .file(path: "/dev/null"), format: .jsonLines, compression: .none)
        let submission = JobSubmission(
            monitor: "empty", monitorYAML: "", monitorVersion: "0", brands: [("none", "none")], sources: [source])
        return try await store.submit(submission, shards: EmptySlices(count: shards)).job
    }

    private func queue(_ url: RedisURL, role: String) -> LaneQueue {
        var settings = QueueSettings(role: role)
        settings.resultBound = .max
        let redis = RedisClient(url)
        return LaneQueue(redis: redis, blocking: redis.sibling(), lane: .bulk, settings: settings)
    }

    private func drain(_ url: RedisURL, _ workers: Int) async throws {
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

/// Slices of an empty source, made while they are written: a job of any size without any memory.
struct EmptySlices: Sequence, IteratorProtocol, Sendable {
    let count: Int
    private var offset: Int64 = 0

    init(count: Int) { self.count = count }

    mutating func next() -> ShardSlice? {
        guard offset < count else { return nil }
        defer { offset += 1 }
        return ShardSlice(source: 0, offset: offset, length: 1)
    }
}
