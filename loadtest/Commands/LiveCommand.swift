import ArgumentParser
import Domain
import Foundation
import Generator
import LocalServers
import Logging
import Store
import Trends

/// Posts over HTTP at a steady rate, and how soon each is seen in SQL.
struct LiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Send posts to a gateway at a steady rate: time until they are seen in SQL, and exact counts.",
        discussion: """
            Example: loadtest live --rate 2000 --seconds 60 --record loadtest/results/live.txt
            Starts private servers, every role and a gateway. Requests are sent on time whatever became of those before.
            """)

    @Option(help: "Posts a second.") var rate = 2000
    @Option(help: "Seconds of sending.") var seconds = 60
    @Option(help: "Posts of a request.") var requestPosts = 100
    @Option(help: "Model of the monitor: fast or none.") var model = "fast"
    @Option(help: "Worker processes.") var workers = 1
    @Option(help: "Leases: standard or fast.") var lease = "standard"
    @Flag(help: "Kill a worker when half of the time is over, and start another two seconds later.") var kill = false
    @Option(help: "Seed of the posts.") var seed: UInt64 = 1
    @Option(help: "Append the report to this file.") var record: String?
    @Option(help: "Folder of model weights.") var models = "Models"

    func validate() throws {
        guard (1...1_000_000).contains(rate), (1...86_400).contains(seconds), (1...10_000).contains(requestPosts) else {
            throw ValidationError("--rate, --seconds and --request-posts must be above 0.")
        }
    }

    func run() async throws {
        say("starting private servers and roles")
        let servers = try BenchServers()
        defer { servers.end() }
        let scenario = Scenario.load(
            day: Timestamp(seconds: Int64(Date().timeIntervalSince1970)), posts: rate * seconds, seed: seed)
        let posts = LivePosts(scenario)
        let monitor = "\(servers.folder)/monitor.yaml"
        try MonitorText.yaml(for: scenario, model: model).write(toFile: monitor, atomically: true, encoding: .utf8)
        var cluster = try servers.processes(models: models)
        try cluster.start("coordinator", ["--lease", lease])
        try cluster.start("reduce", ["--lease", lease])
        for number in 1...workers { try cluster.start("worker", workerArguments, name: "worker-\(number)") }
        try cluster.start("gateway", ["--monitor", monitor, "--port", "0"])
        let port = try await Self.port(log: "\(servers.folder)/gateway/program.log")
        let store = Store(url: servers.postgres.url, logger: Logger(label: "loadtest"))

        let track = LiveTrack()
        let sender = LiveSender(port: port, track: track)
        // The model is loaded with the first shard, which is counted and not timed.
        try await sender.send(posts.body(0..<requestPosts), due: .now)
        try await track.watch(store, until: 1)
        track.forgetTimes()

        say("sending \(rate) posts/s for \(seconds) s")
        let usage = UsageWatch(
            processes: cluster.pids + [("redis", servers.redis.pid ?? 0), ("postgres", servers.postgres.pid ?? 0)])
        let requests = posts.count / requestPosts
        let perSecond = max(1, rate / requestPosts)
        try await withThrowingTaskGroup { group in
            group.addTask { try await track.watch(store, until: requests) }
            let start = ContinuousClock.now
            for request in 1..<requests {
                let due = start + .seconds(1) * (Double(request * requestPosts) / Double(rate))
                try await Task.sleep(until: due, clock: .continuous)
                let body = posts.body(request * requestPosts..<(request + 1) * requestPosts)
                group.addTask { try await sender.send(body, due: due) }
                if request % perSecond == 0 { usage.look() }
                guard kill else { continue }
                if request == requests / 2 { try cluster.signal(SIGKILL, to: "worker-1") }
                if request == min(requests / 2 + 2 * perSecond, requests - 1) {
                    try cluster.start("worker", workerArguments, name: "worker-new")
                }
            }
            try await group.waitForAll()
        }
        usage.look()
        try await report(posts, requests * requestPosts, scenario, track, store, usage)
    }

    private var workerArguments: [String] {
        ["--lease", lease, "--threads", "\(ProcessInfo.processInfo.activeProcessorCount)"]
    }

    private func report(
        _ posts: LivePosts, _ sent: Int, _ scenario: Scenario, _ track: LiveTrack, _ store: Store, _ usage: UsageWatch
    ) async throws {
        let status = try await store.job(JobID(rawValue: 1))
        var counted = [String: Int64]()
        for row in try await store.trendRows(TrendQuery()) { counted[row.brand, default: 0] += row.posts }
        let wrong = scenario.brands.indices.filter {
            counted[scenario.brands[$0].name] ?? 0 != Int64(posts.expected.perBrand[$0])
        }
        var report = Report()
        report.addMachine()
        report.add("sent", "\(sent) posts in \(sent / requestPosts) requests, \(track.repeats) of them again")
        report.add("batches", "\(status.shards)")
        let isExact = Int(status.totals.records) == sent && wrong.isEmpty && status.totals.duplicates == 0
        report.add(
            "counted", "\(status.totals.records) posts; \(isExact ? "all brands exact" : "WRONG")")
        report.add("accepted to seen in SQL", track.accepted.text(mark: 5, at: 0.95))
        report.add("due to be sent to seen in SQL", track.sent.text(mark: 5, at: 0.95))
        for process in usage.usages {
            let memory = String(format: "%.0f MiB", Double(process.bytes) / Double(1 << 20))
            report.add(process.name, "peak memory \(memory), CPU \(String(format: "%.2f", process.cpuSeconds)) s")
        }
        try report.publish(record: record)
        guard isExact else {
            throw LoadtestError("counts differ from what was sent: brands \(wrong.map { scenario.brands[$0].name })")
        }
    }

    private static func port(log: String) async throws -> Int {
        for _ in 0..<200 {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            if let found = text.firstMatch(of: /port=(\d+)/), let port = Int(found.output.1) { return port }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw LoadtestError("the gateway does not listen: see \(log)")
    }

    private func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
