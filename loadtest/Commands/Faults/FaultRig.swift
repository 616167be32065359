import Domain
import Foundation
import LocalServers
import Logging
import Queue
import Redis
import Store
import Web

/// A busy cluster to break: private servers, role processes with their metrics, and jobs that never run out.
final class FaultRig {
    static let workerCount = 6

    let folder: String
    let profile: String
    let redis: PrivateRedis
    let postgres: PrivatePostgres
    let client: RedisClient
    let store: Store
    private let environment: [String: String]
    private let submission: [String]
    private var roles: [String: (program: PrivateProgram, port: Int)] = [:]
    private var feeder: Task<Void, Never>?

    private static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("groundswell").path

    private init(
        folder: String, profile: String, redis: PrivateRedis, postgres: PrivatePostgres, archive: String,
        monitor: String, models: String
    ) throws {
        self.folder = folder
        self.profile = profile
        self.redis = redis
        self.postgres = postgres
        var quiet = Logger(label: "loadtest")
        quiet.logLevel = .critical
        client = RedisClient(try RedisURL(redis.url), logger: quiet)
        store = Store(url: postgres.url, logger: quiet)
        var environment = ProcessInfo.processInfo.environment
        environment["GROUNDSWELL_REDIS"] = redis.url
        environment["GROUNDSWELL_POSTGRES"] = postgres.url
        environment["GROUNDSWELL_MODELS"] = URL(fileURLWithPath: models).standardizedFileURL.path
        self.environment = environment
        submission = ["submit", "--monitor", monitor, "--shard-posts", "200", archive]
    }

    /// Starts everything, and waits until results flow.
    static func start(
        in folder: String, profile: String, archive: String, monitor: String, models: String
    ) async throws -> FaultRig {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        let redis = try PrivateRedis.start(in: "\(folder)/redis", settings: .init(appendOnly: true))
        let postgres = try PrivatePostgres.start(in: "\(folder)/postgres", settings: .init(durability: .full))
        let rig = try FaultRig(
            folder: folder, profile: profile, redis: redis, postgres: postgres, archive: archive, monitor: monitor,
            models: models)
        try await rig.run(["migrate"])
        try rig.start("coordinator")
        try rig.start("reduce")
        for name in rig.workers { try rig.start("worker", name: name) }
        rig.feed()
        try await rig.untilMore("groundswell_results_merged_total", of: ["reduce"])
        return rig
    }

    var workers: [String] { (1...Self.workerCount).map { "worker-\($0)" } }

    // MARK: Processes

    func start(_ role: String, name: String? = nil) throws {
        let name = name ?? role
        let port = try LocalSocket.freePort()
        var environment = environment
        environment["GROUNDSWELL_HEALTH_PORT"] = "\(port)"
        let arguments = [role, "--lease", profile] + (role == "worker" ? ["--threads", "1"] : [])
        let program = try PrivateProgram.start(
            Self.executable, arguments, environment: environment, in: "\(folder)/\(name)")
        roles[name] = (program, port)
    }

    func program(_ name: String) throws -> PrivateProgram {
        guard let role = roles[name] else { throw LoadtestError("\(name) does not run") }
        return role.program
    }

    func signal(_ signal: Int32, _ name: String) throws { Foundation.kill(try program(name).pid, signal) }

    /// Takes the exit status of a process that was ended by a signal.
    func bury(_ name: String) { roles.removeValue(forKey: name)?.program.kill() }

    var ended: [String] { roles.filter { !$0.value.program.isRunning }.keys.sorted() }

    var pids: [(name: String, pid: Int32)] { roles.map { ($0.key, $0.value.program.pid) }.sorted { $0.name < $1.name } }

    func logLines() -> [String: Int] {
        roles.mapValues { role in
            ((try? String(contentsOfFile: role.program.logFile, encoding: .utf8)) ?? "").count { $0 == "\n" }
        }
    }

    /// A new server is refused while children of the killed one still end.
    func restartPostgres() async throws {
        for _ in 0..<50 {
            do {
                return try postgres.restart()
            } catch {
                try await Task.sleep(for: .milliseconds(200))
            }
        }
        try postgres.restart()
    }

    func endAll() {
        feeder?.cancel()
        for name in roles.keys.sorted() { bury(name) }
        client.close()
        redis.kill()
        postgres.stop()
    }

    @discardableResult
    private func run(_ arguments: [String]) async throws -> String {
        try await offPool { [environment, folder] in
            try Run.program(Self.executable, arguments, environment: environment, folder: folder)
        }
    }

    // MARK: Work

    /// Submits a job whenever less than one waits, until ``drain()``.
    private func feed() {
        let feed = JobFeed(
            store: store, executable: Self.executable, submission: submission, environment: environment, folder: folder)
        // Unstructured: it works beside whatever is measured, and `drain` or `endAll` ends it.
        feeder = Task { await feed.run() }
    }

    /// Waits until all jobs have ended, and returns their shards.
    @discardableResult
    func drain() async throws -> Int {
        feeder?.cancel()
        await feeder?.value
        feeder = nil
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            let jobs = try await store.jobs()
            if jobs.allSatisfy(\.state.isFinal) { return jobs.reduce(0) { $0 + $1.shards } }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw LoadtestError("jobs did not end; logs are in \(folder)")
    }

    func feedAgain() async throws {
        feed()
        try await untilMore("groundswell_results_merged_total", of: ["reduce"])
    }

    /// All jobs are complete, the first equals a count without the queue, and the others equal the first.
    func verdict() async throws -> String {
        try await drain()
        let jobs = try await store.jobs().sorted { $0.job < $1.job }
        guard let first = jobs.first else { throw LoadtestError("there was no job") }
        for job in jobs where job.state != .completed { throw LoadtestError("job \(job.job) ended \(job.state)") }
        try await run(["verify", "\(first.job)"])
        for job in jobs.dropFirst() { try await run(["verify", "\(job.job)", "--against", "\(first.job)"]) }
        return "equal, \(jobs.count) jobs of \(first.shards) shards"
    }

    // MARK: Looks

    func metric(_ name: String, of role: String) async throws -> Int {
        guard let port = roles[role]?.port else { throw LoadtestError("\(role) does not run") }
        let page = try await offPool {
            try HTTPClient.get("http://127.0.0.1:\(port)/metrics", timeoutSeconds: 30)
        }
        return String(decoding: page.body, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
            .reduce(0) { $0 + (Int($1.split(separator: " ").last ?? "") ?? 0) }
    }

    func total(_ name: String, of roles: [String]) async throws -> Int {
        var sum = 0
        for role in roles { sum += try await metric(name, of: role) }
        return sum
    }

    /// Waits until a counter has grown from now on; returns how long that took.
    @discardableResult
    func untilMore(_ name: String, of roles: [String]) async throws -> Duration {
        let started = ContinuousClock.now
        var before: Int?
        try await until("\(name) grows") {
            let now = try await total(name, of: roles)
            defer { before = before ?? now }
            return before.map { now > $0 } ?? false
        }
        return ContinuousClock.now - started
    }

    func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            // A role that is just starting does not answer yet.
            if (try? await condition()) == true { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw LoadtestError("never came: \(what)")
    }

    /// The entries that a worker holds under lease.
    func leases(of pid: Int32) async throws -> Set<String> {
        let keys = LaneKeys(.bulk)
        let rows = try await client.send("XPENDING", keys.ready, LaneQueue.workerGroup, "-", "+", "100000").array ?? []
        return Set(
            rows.compactMap { row in
                guard let fields = row.array, fields.count > 1, let id = fields[0].text,
                    fields[1].text?.contains("-\(pid)-") == true
                else { return nil }
                return id
            })
    }
}

/// Submits a job whenever little waits.
private struct JobFeed: Sendable {
    let store: Store
    let executable: String
    let submission: [String]
    let environment: [String: String]
    let folder: String

    func run() async {
        while !Task.isCancelled {
            // What cannot be asked or submitted while PostgreSQL is away is tried again.
            if let jobs = try? await store.jobs(), jobs.reduce(0, { $0 + $1.shards - $1.merged }) < 1000 {
                _ = try? await offPool {
                    try Run.program(executable, submission, environment: environment, folder: folder)
                }
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }
}

/// Runs blocking work away from Swift's few threads.
func offPool<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { done in
        DispatchQueue.global().async { done.resume(with: Swift.Result { try work() }) }
    }
}
