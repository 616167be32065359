import Domain
import Foundation
import Generator
import Harness
import LocalServers
import Testing

extension RealProcesses {
    /// Role processes against a Redis Cluster, and against Redis over TLS with a user for each role.
    @Suite(.timeLimit(.minutes(5)))
    struct RedisClusterTests {
        private static let lastDay = Timestamp(seconds: 1_790_000_000)

        @Test func aBackfillOnARedisClusterSurvivesTheDeathOfAPrimary() async throws {
            try await withRedisCluster { redis in
                try await TestCluster.on(redis.url) { cluster in
                    let (posts, monitor, expected) = try cluster.archive(
                        .demo(lastDay: Self.lastDay, posts: 10_000, seed: 11), model: "none")
                    let submitted = try await cluster.command.run(
                        "submit", "--monitor", monitor, "--shard-posts", "100", posts)
                    try #require(submitted.status == 0, "\(submitted.messages)")
                    try cluster.startRoles(workers: 2)
                    try await Task.sleep(for: .seconds(1))
                    redis.primary(ofSlot: try redis.slot(of: "gs:{bulk}:ready")).kill()
                    try await Self.expectCompleted(cluster, posts: expected.posts)
                }
            }
        }

        @Test(.enabled(if: TestCertificates.canBeMade))
        func aBackfillOverTLSWithAUserForEachRoleCountsEveryPost() async throws {
            let users = try TestFolder.make("users") + "/users.acl"
            let roles = ["coordinator", "worker", "reducer"]
            try Self.accessList(passwords: roles + ["operator"]).write(toFile: users, atomically: true, encoding: .utf8)
            let files = try TestCertificates()
            try await withRedis(.init(tls: files.tls, accessList: users)) { redis in
                // Whoever uses the environment's URL has no name and no password, and so no rights.
                try await TestCluster.on(redis) { cluster in
                    let (posts, monitor, expected) = try cluster.archive(
                        .demo(lastDay: Self.lastDay, posts: 6000, seed: 12), model: "none")
                    let submitted = try await cluster.command.run(
                        "submit", "--monitor", monitor, "--shard-posts", "100", posts)
                    try #require(submitted.status == 0, "\(submitted.messages)")
                    let stranger = try await cluster.command.run("reduce")
                    #expect(
                        stranger.status == 1 && stranger.messages.contains("check user and password"),
                        "\(stranger.messages)")
                    for (command, role) in zip(["coordinator", "worker", "reduce"], roles) {
                        let login = "rediss://groundswell-\(role):\(role)@"
                        try cluster.start(command, ["--redis", redis.replacing("rediss://", with: login)])
                    }
                    try await Self.expectCompleted(cluster, posts: expected.posts)
                }
            }
        }

        @Test func aShortOutageOfRedisIsSurvivedQuietly() async throws {
            try await withRedisServer { redis in
                try await TestCluster.on(redis.url) { cluster in
                    let (posts, monitor, expected) = try cluster.archive(
                        .demo(lastDay: Self.lastDay, posts: 10_000, seed: 13), model: "none")
                    try cluster.startRoles(workers: 1)
                    let submitted = try await cluster.command.run(
                        "submit", "--monitor", monitor, "--shard-posts", "100", posts)
                    try #require(submitted.status == 0, "\(submitted.messages)")
                    let names = ["coordinator", "worker-1", "reduce"]
                    redis.kill()
                    let before = names.map { Self.lines(of: $0, in: cluster) }
                    let outage = ContinuousClock.now
                    try await Task.sleep(for: .seconds(8))
                    let seconds = Int((ContinuousClock.now - outage) / .seconds(1))
                    for (name, count) in zip(names, before) {
                        let lines = Self.lines(of: name, in: cluster) - count
                        #expect(lines > 0 && lines <= seconds + 1, "\(name): \(lines) lines in \(seconds) s")
                    }
                    let done = try await Self.done(cluster)
                    try redis.restart()
                    let restart = ContinuousClock.now
                    while try await Self.done(cluster) == done, ContinuousClock.now - restart < .seconds(60) {}
                    let back = ContinuousClock.now - restart
                    print("results were merged again \(back) after the return of Redis")
                    // Five seconds are the promise; the rest is for a busy machine.
                    #expect(back < .seconds(20))
                    try await Self.expectCompleted(cluster, posts: expected.posts)
                }
            }
        }

        private static func lines(of name: String, in cluster: TestCluster) -> Int {
            cluster.log(of: name).count { $0 == "\n" }
        }

        private static func done(_ cluster: TestCluster) async throws -> String? {
            try rows(try await cluster.command.run("status", "1", "--output", "json")).first?["done"] as? String
        }

        private static func expectCompleted(_ cluster: TestCluster, posts: Int) async throws {
            let watched = try await cluster.command.run("watch", "1", "--output", "json")
            try #require(watched.status == 0, "\(watched.messages)\n\(cluster.log(of: "coordinator"))")
            let job = try #require(try rows(watched).first)
            #expect(job["state"] as? String == "completed")
            #expect(job["posts"] as? Int == posts)
            let verified = try await cluster.command.run("verify", "1")
            #expect(verified.status == 0, "\(verified.messages)\n\(verified.output)")
        }

        /// The list of users as an operator completes it, each with its role's name for a password.
        private static func accessList(passwords: [String]) throws -> String {
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "../../cluster/users.acl")
            return passwords.reduce(try String(contentsOf: file, encoding: .utf8)) { text, name in
                text.replacing("#\(name.uppercased())_PASSWORD_SHA256", with: ">\(name)")
            }
        }
    }
}

extension TestCluster {
    /// Like `with`, on a given Redis.
    static func on<Result>(_ redis: String, _ body: (TestCluster) async throws -> Result) async throws -> Result {
        try await withFolder { folder in
            try await withPostgres { postgres in
                let cluster = TestCluster(folder: folder, redis: redis, postgres: postgres)
                let migration = try await cluster.command.run("migrate")
                try #require(migration.status == 0, "\(migration.messages)")
                defer { cluster.killAll() }
                return try await body(cluster)
            }
        }
    }
}
