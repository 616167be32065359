import Domain
import Foundation
import Generator
import Harness
import LocalServers
import Queue
import Redis
import Testing
import Web

/// A cluster whose servers a test may end, and whose roles show their metrics.
final class FaultCluster {
    let cluster: TestCluster
    let redis: PrivateRedis
    /// `nil` when all tests share one server.
    let postgres: PrivatePostgres?
    /// For looks at the queue beside the roles.
    let client: RedisClient
    private var ports: [String: Int] = [:]
    private(set) var shards = 0

    private init(cluster: TestCluster, redis: PrivateRedis, postgres: PrivatePostgres?) throws {
        self.cluster = cluster
        self.redis = redis
        self.postgres = postgres
        client = RedisClient(try RedisURL(redis.url))
    }

    /// Runs `body` on a migrated cluster without roles; every process has ended when it returns.
    static func with(ownPostgres: Bool = false, _ body: (FaultCluster) async throws -> Void) async throws {
        func run(_ url: String, _ postgres: PrivatePostgres?) async throws {
            try await withFolder { folder in
                try await withRedisServer(.init(appendOnly: true)) { redis in
                    let cluster = TestCluster(folder: folder, redis: redis.url, postgres: url)
                    let migration = try await cluster.command.run("migrate")
                    try #require(migration.status == 0, "\(migration.messages)")
                    defer { cluster.killAll() }
                    try await body(FaultCluster(cluster: cluster, redis: redis, postgres: postgres))
                }
            }
        }
        if ownPostgres {
            try await withPostgresServer { try await run($0.url, $0) }
        } else {
            try await withPostgres { try await run($0, nil) }
        }
    }

    func start(_ role: String, name: String? = nil, environment: [String: String] = [:]) throws {
        let port = try LocalSocket.freePort()
        ports[name ?? role] = port
        var environment = environment
        environment["GROUNDSWELL_HEALTH_PORT"] = "\(port)"
        try cluster.start(role, role == "worker" ? ["--threads", "1"] : [], name: name, environment: environment)
    }

    /// - Parameter work: environment of the workers.
    func startRoles(workers: Int, work: [String: String] = [:]) throws {
        try start("coordinator")
        try start("reduce")
        for number in 1...workers { try start("worker", name: "worker-\(number)", environment: work) }
    }

    /// Submits job 1.
    func submit(posts: Int, postsPerShard: Int, model: String = "none") async throws {
        let scenario = Scenario.demo(lastDay: Timestamp(seconds: 1_790_000_000), posts: posts, seed: 11)
        let (archive, monitor, _) = try cluster.archive(scenario, model: model)
        let result = try await cluster.command.run(
            "submit", "--monitor", monitor, "--shard-posts", "\(postsPerShard)", "--output", "json", archive)
        try #require(result.status == 0, "\(result.messages)")
        shards = try #require(try rows(result).first?["shards"] as? Int)
    }

    // MARK: Looks

    /// A metric of one role, summed over its labels.
    func metric(_ name: String, of role: String) async throws -> Int {
        let port = try #require(ports[role])
        let page = try await onOwnThread {
            try HTTPClient.get("http://127.0.0.1:\(port)/metrics", timeoutSeconds: 60)
        }
        return String(decoding: page.body, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
            .reduce(0) { $0 + (Int($1.split(separator: " ").last ?? "") ?? 0) }
    }

    /// A metric summed over all roles of a name's beginning.
    func total(_ name: String, of roles: String) async throws -> Int {
        var sum = 0
        for role in ports.keys where role.hasPrefix(roles) { sum += try await metric(name, of: role) }
        return sum
    }

    /// Waits until the workers have finished a share of the job.
    func progress(reaches share: Double) async throws {
        try await until("\(share) of \(shards) shards are finished") {
            Double(try await total("groundswell_shards_finished_total", of: "worker")) >= share * Double(shards)
        }
    }

    /// Waits for something that comes within seconds unless the machine is very busy.
    func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(90)
        while ContinuousClock.now < deadline {
            // A role that is just starting does not answer yet.
            if (try? await condition()) == true { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("never came: \(what)\n\(cluster.log(of: "coordinator"))\n\(cluster.log(of: "worker-1"))")
    }

    /// Shards in flight and results not merged, which is what a loss of the queue may cost.
    ///
    /// Holds the queue still meanwhile and for some seconds after: the caller ends the server in that time.
    func exposedShards() async throws -> Int {
        _ = try await client.send("CLIENT", "PAUSE", "10000", "WRITE")
        let keys = LaneKeys(.bulk)
        let pending = try await client.send("XPENDING", keys.ready, LaneQueue.workerGroup)
        let results = try await client.send("XLEN", keys.done)
        return Int(pending.array?.first?.integer ?? 0) + Int(results.integer ?? 0)
    }

    /// The job is complete, no role has died by itself, and the numbers are those of a plain count.
    func expectExact(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let watched = try await cluster.command.run("watch", "1", "--output", "json")
        #expect(try rows(watched).first?["state"] as? String == "completed", sourceLocation: sourceLocation)
        #expect(cluster.ended == [], "roles ended by themselves", sourceLocation: sourceLocation)
        let verified = try await cluster.command.run("verify", "1")
        #expect(verified.status == 0, "\(verified.output)\(verified.messages)", sourceLocation: sourceLocation)
    }

    /// Runs beyond one for each shard; needs all workers alive.
    func runsAgain() async throws -> Int {
        try await total("groundswell_shards_started_total", of: "worker") - shards
    }

    func logLines() -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: ports.keys.map { role in
                (role, cluster.log(of: role).split(separator: "\n").count)
            })
    }
}
