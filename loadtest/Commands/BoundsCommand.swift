import ArgumentParser
import Domain
import Foundation
import LocalServers
import Logging
import Queue
import Redis
import Store

/// What must not grow with a job, and what an idle process costs.
struct BoundsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bounds",
        abstract: "Measure the bounds: memory of Redis and coordinator under a huge job, submission, an idle worker.",
        discussion: "Example: loadtest bounds --shards 10000000 --record loadtest/results/bounds.txt")

    @Option(help: "Shards of the huge job.") var shards = 10_000_000
    @Option(help: "Seconds to watch the idle worker.") var idleSeconds = 20
    @Option(help: "Append the report to this file.") var record: String?

    func run() async throws {
        let servers = try BenchServers()
        defer { servers.end() }
        let (redis, postgres) = (servers.redis, servers.postgres)
        var cluster = try servers.processes()
        let client = RedisClient(try RedisURL(redis.url))

        var report = Report()
        report.addMachine()
        try await watchIdleWorker(&cluster, client, &report)
        let store = Store(url: postgres.url, logger: Logger(label: "loadtest"))
        try await submit(to: store, postgres, &report)
        try await watchHugeJob(&cluster, client, &report)
        try report.publish(record: record)
    }

    /// Without a coordinator, whose commands would count too: the lanes are prepared here.
    private func watchIdleWorker(
        _ cluster: inout Processes, _ redis: RedisClient, _ report: inout Report
    ) async throws {
        for lane in [Lane.live, .bulk] {
            try await LaneQueue(redis: redis, blocking: nil, lane: lane).prepare(generation: 1)
        }
        try cluster.start("worker", [])
        try await Task.sleep(for: .seconds(8))
        let before = try await number("total_commands_processed", in: "stats", redis)
        try await Task.sleep(for: .seconds(idleSeconds))
        let sent = try await number("total_commands_processed", in: "stats", redis) - before - 1
        cluster.stop("worker")
        report.add(
            "idle worker", Double(sent) / Double(idleSeconds),
            "commands/s, those inside scripts counted too (\(sent) in \(idleSeconds) s)", places: 2)
        _ = try await redis.send("FLUSHALL")
    }

    private func submit(to store: Store, _ postgres: PrivatePostgres, _ report: inout Report) async throws {
        let source = SourceDescription(place: .file(path: "/dev/null"), format: .jsonLines, compression: .none)
        let submission = JobSubmission(
            monitor: "empty", monitorYAML: "", monitorVersion: "0", brands: [("none", "none")], sources: [source])
        for count in [1_000_000, shards] {
            let started = ContinuousClock.now
            let job = try await store.submit(submission, shards: EmptySlices(count: count)).job
            report.add(
                "submit", (ContinuousClock.now - started) / .seconds(1), "s for \(count) shards", places: 2)
            if count != shards { try await store.cancel(job) }
        }
        let size = try postgres.psql(
            "SELECT pg_size_pretty(pg_total_relation_size('gw.shard'))", database: "groundswell")
        report.add("disk of the shards", size.split(separator: "\n").joined())
    }

    private func watchHugeJob(
        _ cluster: inout Processes, _ redis: RedisClient, _ report: inout Report
    ) async throws {
        let empty = try await used(redis)
        try cluster.start("coordinator", [])
        let usage = UsageWatch(processes: cluster.pids)
        let queue = LaneQueue(
            redis: redis, blocking: nil, lane: .bulk, settings: QueueSettings(role: "worker"))
        let waiting = try await settledDepth(queue, usage).waiting
        var bytes = try await used(redis)
        report.add("window", "\(waiting) shards wait, Redis uses \(megabytes(bytes))")
        report.add("waiting shard", Double(bytes - empty) / Double(max(1, waiting)), "bytes", places: 1)

        // A worker that takes all it gets and finishes nothing: the window goes from waiting to in flight.
        while case .leases = try await queue.claim(max: 1000) { usage.look() }
        let held = try await settledDepth(queue, usage)
        bytes = try await used(redis)
        let inFlight = held.inFlight + held.waiting
        report.add("in flight", "\(held.inFlight) shards, \(held.waiting) wait, Redis uses \(megabytes(bytes))")
        report.add("shard in flight", Double(bytes - empty) / Double(max(1, inFlight)), "bytes", places: 1)
        report.add("Redis' peak", megabytes(try await number("used_memory_peak", in: "memory", redis)))
        for process in usage.usages {
            let memory = String(format: "%.0f MiB", Double(process.bytes) / Double(1 << 20))
            report.add(process.name, "peak memory \(memory), CPU \(String(format: "%.2f", process.cpuSeconds)) s")
        }
    }

    /// The depth when the coordinator has stopped sending.
    private func settledDepth(_ queue: LaneQueue, _ usage: UsageWatch) async throws -> Depth {
        var last = Depth(waiting: 0, inFlight: 0, results: 0)
        var calm = 0
        while calm < 8 {
            try await Task.sleep(for: .milliseconds(500))
            usage.look()
            guard let depth = try? await queue.depth(), depth.waiting + depth.inFlight > 0 else { continue }
            calm = depth == last ? calm + 1 : 0
            last = depth
        }
        return last
    }

    /// Without the connections' buffers, which grow and shrink by themselves.
    private func used(_ redis: RedisClient) async throws -> Int {
        try await number("used_memory", in: "memory", redis) - number("mem_clients_normal", in: "memory", redis)
    }

    private func number(_ name: String, in section: String, _ redis: RedisClient) async throws -> Int {
        let info = try await redis.send("INFO", section).text ?? ""
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name):") }
        return line.flatMap { Int($0.split(separator: ":")[1]) } ?? 0
    }

    private func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
}
