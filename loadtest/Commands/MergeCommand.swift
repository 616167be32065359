import ArgumentParser
import Domain
import Foundation
import Generator
import LocalServers
import Logging
import Queue
import Redis
import Store

/// Reducers alone: the results lie ready, and nothing else runs.
struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Time the reducers: shards/s and rows/s merged into PostgreSQL, with one reducer or several.",
        discussion: """
            Example: loadtest merge --shards 250 --reducers 2 --dealt
            A worker fills the lane with results first. With --dealt each shard holds posts of the whole day, so that all
            reducers write the same rows; without it neighbouring shards share few.
            """)

    @Option(help: "Shards; at most 256 results wait at once.") var shards = 250
    @Option(help: "Posts of a shard.") var postsPerShard = 4000
    @Option(help: "Reducer processes.") var reducers = 1
    @Flag(help: "Deal the posts to the shards one by one.") var dealt = false
    @Option(help: "Seed of the archive.") var seed: UInt64 = 1
    @Option(help: "Append the report to this file.") var record: String?

    func validate() throws {
        guard (1...256).contains(shards) else { throw ValidationError("--shards must be 1…256, not \(shards).") }
        guard (1...16).contains(reducers) else { throw ValidationError("--reducers must be 1…16, not \(reducers).") }
    }

    func run() async throws {
        let servers = try BenchServers()
        defer { servers.end() }
        let (folder, redis, postgres) = (servers.folder, servers.redis, servers.postgres)
        try FileManager.default.createDirectory(atPath: "\(folder)/posts", withIntermediateDirectories: false)
        try writePosts(to: folder)
        var cluster = try servers.processes()
        try cluster.start("coordinator", [])
        try cluster.run("submit", "--monitor", "\(folder)/monitor.yaml", "--shard-posts", "10000000", "\(folder)/posts")
        try await fillLane(&cluster, redis)

        let started = ContinuousClock.now
        for number in 1...reducers { try cluster.start("reduce", [], name: "reduce-\(number)") }
        let usage = UsageWatch(processes: cluster.pids + [("redis", redis.pid ?? 0), ("postgres", postgres.pid ?? 0)])
        let idle = usage.usages
        let store = Store(url: postgres.url, logger: Logger(label: "loadtest"))
        var status = try await store.job(JobID(rawValue: 1))
        while status.merged < status.shards {
            usage.look()
            try await Task.sleep(for: .milliseconds(20))
            status = try await store.job(JobID(rawValue: 1))
        }
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        usage.look()
        try report(status, seconds, usage.usages, before: idle, rows: rows(postgres)).publish(record: record)
    }

    private func writePosts(to folder: String) throws {
        let day = Timestamp(seconds: Int64(Date().timeIntervalSince1970) - 86_400)
        let scenario = Scenario.load(day: day, posts: shards * postsPerShard, seed: seed)
        try MonitorText.yaml(for: scenario, model: "none")
            .write(toFile: "\(folder)/monitor.yaml", atomically: true, encoding: .utf8)
        var files = [Data](repeating: Data(), count: shards)
        var line = 0
        var generator = PostGenerator(scenario)
        while generator.nextBlock({ block in
            for text in block.split(separator: UInt8(ascii: "\n")) {
                let file = dealt ? line % shards : line / postsPerShard
                files[file].append(contentsOf: text)
                files[file].append(UInt8(ascii: "\n"))
                line += 1
            }
        }) {}
        for (number, data) in files.enumerated() {
            try data.write(to: URL(fileURLWithPath: "\(folder)/posts/\(1000 + number).jsonl"))
        }
    }

    /// Lets a worker run all shards while nobody merges.
    private func fillLane(_ cluster: inout Processes, _ redis: PrivateRedis) async throws {
        try cluster.start("worker", [])
        let queue = LaneQueue(redis: RedisClient(try RedisURL(redis.url)), blocking: nil, lane: .bulk)
        while (try? await queue.depth().results) ?? 0 < shards { try await Task.sleep(for: .milliseconds(50)) }
        cluster.stop("worker")
        cluster.stop("coordinator")
    }

    /// Rows of the rollups and of the terms.
    private func rows(_ postgres: PrivatePostgres) throws -> String {
        try postgres.psql(
            """
            SELECT (SELECT count(*) FROM gw.rollup) || ' rollups, ' || (SELECT count(*) FROM gw.term) || ' terms, '
                || pg_size_pretty(pg_database_size(current_database()))
            """, database: "groundswell")
    }

    private func report(
        _ status: JobStatus, _ seconds: Double, _ usages: [UsageWatch.Usage], before: [UsageWatch.Usage], rows: String
    ) -> Report {
        var report = Report()
        report.addMachine()
        report.add(
            "shards", "\(shards) of \(postsPerShard) posts, \(dealt ? "all of the whole day" : "in order of time")")
        report.add("reducers", "\(reducers)")
        report.add("rows", rows)
        report.add("time", seconds, "s from the start of the reducers to the last merge", places: 2)
        report.add("merge", Double(shards) / seconds, "shards/s", places: 1)
        report.add("merge", Double(shards * postsPerShard) / seconds, "posts/s")
        for (after, before) in zip(usages, before) {
            let cpu = after.cpuSeconds - before.cpuSeconds
            report.add(after.name, String(format: "CPU %.2f s, %.0f %% of a core", cpu, 100 * cpu / seconds))
        }
        return report
    }
}
