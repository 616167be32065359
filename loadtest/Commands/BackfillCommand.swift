import ArgumentParser
import Domain
import Foundation
import Generator
import LocalServers
import Logging
import Store
import Trends

/// The whole way of a generated archive through private servers and real role processes.
struct BackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Time a backfill of generated posts: posts/s, MB/s, peak memory of each process.",
        discussion: "Example: loadtest backfill --posts 2000000 --model none --record loadtest/results/backfill.txt")

    @Option(help: "Posts.") var posts = 2_000_000
    @Option(help: "Model of the monitor: fast or none.") var model = "fast"
    @Option(help: "Worker processes.") var workers = 1
    @Option(help: "Inference threads of each worker; all cores when not given.") var threads: Int?
    @Option(help: "Reducers.") var reducers = 1
    @Option(help: "Seed of the archive.") var seed: UInt64 = 1
    @Option(help: "Append the report to this file.") var record: String?
    @Option(help: "Folder of model weights.") var models = "Models"

    func run() async throws {
        say("starting private servers")
        let servers = try BenchServers()
        defer { servers.end() }
        let (folder, redis, postgres) = (servers.folder, servers.redis, servers.postgres)

        say("generating \(posts) posts")
        let archive = "\(folder)/posts.jsonl"
        let day = Timestamp(seconds: Int64(Date().timeIntervalSince1970) - 86_400)
        let scenario = Scenario.load(day: day, posts: posts, seed: seed)
        let expected = try Archive.write(scenario, to: archive)
        try MonitorText.yaml(for: scenario, model: model)
            .write(toFile: "\(folder)/monitor.yaml", atomically: true, encoding: .utf8)

        say("starting roles")
        var cluster = try servers.processes(models: models)
        try cluster.start("coordinator", [])
        for number in 1...reducers { try cluster.start("reduce", [], name: "reduce-\(number)") }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        for number in 1...workers {
            try cluster.start("worker", ["--threads", "\(threads ?? cores)"], name: "worker-\(number)")
        }
        // The model is loaded with the first shard; the servers' start is not what is measured.
        try await Task.sleep(for: .seconds(1))

        say("backfilling")
        let usage = UsageWatch(processes: cluster.pids + [("redis", redis.pid ?? 0), ("postgres", postgres.pid ?? 0)])
        try cluster.run("submit", "--monitor", "\(folder)/monitor.yaml", archive)
        let store = Store(url: postgres.url, logger: Logger(label: "loadtest"))
        var status = try await store.job(JobID(rawValue: 1))
        while !status.state.isFinal {
            usage.look()
            try await Task.sleep(for: .milliseconds(50))
            status = try await store.job(JobID(rawValue: 1))
        }
        guard status.state == .completed, Int(status.totals.records) == posts, let last = status.lastMerge else {
            throw LoadtestError("the job ended \(status.state) with \(status.totals.records) of \(posts) posts")
        }
        let seconds = Double(last.milliseconds - status.submittedAt.milliseconds) / 1000

        var report = Report()
        report.addMachine()
        report.add("posts", "\(posts), \(expected.bytes / posts) bytes each, \(status.totals.mentions) mentions")
        report.add("model", model)
        report.add("shards", "\(status.shards)")
        report.add("time", seconds, "s from the submission to the last merge", places: 2)
        report.add("speed", Double(posts) / seconds, "posts/s")
        report.add("per core", Double(posts) / seconds / Double(cores), "posts/s")
        report.add("bytes", Double(expected.bytes) / seconds / 1e6, "MB/s", places: 1)
        for process in usage.usages {
            let memory = String(format: "%.0f MiB", Double(process.bytes) / Double(1 << 20))
            report.add(process.name, "peak memory \(memory), CPU \(String(format: "%.2f", process.cpuSeconds)) s")
        }
        try report.publish(record: record)
    }

    private func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

/// Role processes of the `groundswell` that was built beside this program.
struct Processes {
    private let folder: String
    private let environment: [String: String]
    static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("groundswell").path
    private var running: [(name: String, program: PrivateProgram)] = []

    init(folder: String, redis: String, postgres: String, models: String) {
        self.folder = folder
        var environment = ProcessInfo.processInfo.environment
        environment["GROUNDSWELL_REDIS"] = redis
        environment["GROUNDSWELL_POSTGRES"] = postgres
        environment["GROUNDSWELL_MODELS"] = URL(fileURLWithPath: models).standardizedFileURL.path
        self.environment = environment
    }

    var pids: [(name: String, pid: Int32)] { running.map { ($0.name, $0.program.pid) } }

    mutating func start(_ role: String, _ arguments: [String], name: String? = nil) throws {
        let name = name ?? role
        let program = try PrivateProgram.start(
            Self.executable, [role] + arguments, environment: environment, in: "\(folder)/\(name)")
        running.append((name, program))
    }

    /// Sends a signal to a role that was started.
    func signal(_ signal: Int32, to name: String) throws {
        guard let pid = pids.first(where: { $0.name == name })?.pid, kill(pid, signal) == 0 else {
            throw LoadtestError("no process '\(name)' runs")
        }
    }

    /// Ends a process in its own way.
    mutating func stop(_ name: String) {
        guard let index = running.firstIndex(where: { $0.name == name }) else { return }
        running.remove(at: index).program.stop()
    }

    @discardableResult
    func run(_ arguments: String...) throws -> String {
        try Run.program(Self.executable, arguments, environment: environment, folder: folder)
    }
}
