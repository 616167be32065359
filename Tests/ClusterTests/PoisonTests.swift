import Domain
import Foundation
import Generator
import Harness
import LocalServers
import Testing

extension RealProcesses {
    /// Posts that kill, posts that take long, and jobs that are stopped meanwhile: real processes, real servers.
    @Suite(.timeLimit(.minutes(10)))
    struct PoisonTests {
        private static let lastDay = Timestamp(seconds: 1_790_000_000)
        private static let marker = "THIS-POST-KILLS"

        private static func post(_ id: String, text: String) -> String {
            #"{"v":1,"platform":"x","id":"\#(id)","op":"upsert","kind":"post","created_at":"2026-09-20T10:00:00Z","#
                + #""lang":"en","author":{"id":"a1"},"text":"\#(text)"}"#
        }

        /// Inserts lines into an archive, spread evenly.
        private static func insert(_ posts: [String], into path: String) throws {
            var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            for (number, post) in posts.enumerated().reversed() {
                lines.insert(post, at: lines.count * (number + 1) / (posts.count + 1))
            }
            try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        }

        @Test func aPostThatKillsItsProcessCostsOneWorkerAndNoOtherPost() async throws {
            try await TestCluster.with { cluster in
                let scenario = Scenario.demo(lastDay: Self.lastDay, posts: 22_000, seed: 9)
                let (posts, monitor, expected) = try cluster.archive(scenario, model: "none")
                let poison = (0..<3).map { Self.post("k\($0)", text: "quenzo \(Self.marker)") }
                try Self.insert(poison, into: posts)
                try cluster.start("coordinator")
                try cluster.start("reduce")
                let sabotage = ["GROUNDSWELL_ABORT_ON": Self.marker]
                let submitted = try await cluster.command.run("submit", "--monitor", monitor, posts)
                try #require(submitted.status == 0, "\(submitted.messages)")
                var deaths = -1
                for _ in 0..<2000 {
                    if !cluster.isRunning("worker") {
                        deaths += 1
                        try cluster.start("worker", ["--threads", "2"], environment: sabotage)
                    }
                    let status = try await cluster.command.run("status", "1", "--output", "json")
                    if (try rows(status).first?["state"] as? String)?.hasPrefix("completed") == true { break }
                    try await Task.sleep(for: .milliseconds(100))
                }
                let job = try #require(try rows(try await cluster.command.run("status", "1", "--output", "json")).first)
                #expect(job["state"] as? String == "completed_with_errors", "\(cluster.log(of: "worker"))")
                #expect(job["dead"] as? Int == 0)
                #expect(job["quarantined"] as? Int == poison.count)
                #expect(job["posts"] as? Int == expected.posts + poison.count)
                #expect((1...poison.count).contains(deaths), "\(deaths) workers died")
                let reasons = try await cluster.sql("SELECT reason, count(*) FROM trends.quarantine GROUP BY reason")
                #expect(reasons == "poison: killed its process (signal 6)|\(poison.count)")

                var verify = cluster.command
                verify.environment.merge(sabotage) { _, new in new }
                let verified = try await verify.run("verify", "1")
                #expect(verified.status == 0, "\(verified.messages)\n\(verified.output)")
                let listed = try await cluster.command.run("dead", "list")
                #expect(listed.messages.contains("job 1: 3 records left out as poison"), "\(listed.messages)")
                try await cluster.expectCounts(scenario, expected)
            }
        }

        @Test func aShardTenLeasesLongRunsOnceThoughAllCoresAreBusy() async throws {
            try await TestCluster.with { cluster in
                let (posts, monitor) = try Self.slowPosts(2, in: cluster)
                let cores = ProcessInfo.processInfo.activeProcessorCount
                try cluster.start("coordinator")
                try cluster.start("reduce")
                // Leases of 3 s: each shard is ten leases long.
                let slow = ["GROUNDSWELL_SLOW_ON": "SLOW:30"]
                try cluster.start("worker", ["--threads", "\(cores)"], environment: slow)
                _ = try await cluster.command.run("submit", "--monitor", monitor, "--shard-posts", "1", posts)
                // Another worker is there to take over whatever is lost.
                try await Task.sleep(for: .seconds(2))
                try cluster.start("worker", ["--threads", "\(cores)"], name: "other", environment: slow)
                let watched = try await cluster.command.run("watch", "1")
                #expect(watched.status == 0, "\(watched.messages)")
                #expect(try await cluster.sql("SELECT min(attempt), max(attempt), count(*) FROM gw.ledger") == "1|1|2")
                #expect(try await cluster.sql("SELECT count(*) FROM gw.trouble") == "0")
            }
        }

        @Test func aWorkerStopsInTimeThoughARecordTakesLong() async throws {
            try await TestCluster.with { cluster in
                let (posts, monitor) = try Self.slowPosts(2, in: cluster)
                try cluster.start("coordinator")
                try cluster.start("reduce")
                try cluster.start("worker", ["--threads", "1"], environment: ["GROUNDSWELL_SLOW_ON": "SLOW:600"])
                _ = try await cluster.command.run("submit", "--monitor", monitor, "--shard-posts", "1", posts)
                try await Task.sleep(for: .seconds(3))
                let started = ContinuousClock.now
                cluster.stop("worker")
                // Two seconds on a machine that is not busy with other tests.
                #expect(ContinuousClock.now - started < .seconds(6), "\(cluster.log(of: "worker"))")
                try cluster.start("worker", name: "healthy")
                #expect(try await cluster.command.run("watch", "1").status == 0)
                #expect(try await cluster.sql("SELECT min(attempt), max(attempt) FROM gw.ledger") == "1|1")
                #expect(try await cluster.sql("SELECT count(*) FROM gw.trouble") == "0")
            }
        }

        @Test func noShardOfAPausedOrCancelledJobBegins() async throws {
            for change in ["pause", "cancel"] {
                try await TestCluster.with { cluster in
                    let (posts, monitor) = try Self.slowPosts(8, in: cluster)
                    try cluster.start("coordinator")
                    try cluster.start("reduce")
                    try cluster.start("worker", ["--threads", "1"], environment: ["GROUNDSWELL_SLOW_ON": "SLOW:3"])
                    _ = try await cluster.command.run("submit", "--monitor", monitor, "--shard-posts", "1", posts)
                    try await Task.sleep(for: .seconds(2))
                    #expect(try await cluster.command.run(change, "1").status == 0)
                    let before = try #require(Int(try await cluster.sql("SELECT count(*) FROM gw.ledger")))
                    try await Task.sleep(for: .seconds(12))
                    // One was under way; a second one may have begun before the word was out.
                    let after = try #require(Int(try await cluster.sql("SELECT count(*) FROM gw.ledger")))
                    #expect(after <= before + 2, "\(change): \(cluster.log(of: "worker"))")
                }
            }
        }

        @Test func shardsThatWaitForAnotherTrySurviveALostRedis() async throws {
            try await TestCluster.with { cluster in
                let (posts, monitor, expected) = try cluster.archive(.demo(lastDay: Self.lastDay, posts: 2000, seed: 2))
                try cluster.start("coordinator")
                try cluster.start("reduce")
                // Without its models a worker fails each shard, for now.
                try cluster.start("worker", environment: ["GROUNDSWELL_MODELS": "/nowhere"])
                _ = try await cluster.command.run("submit", "--monitor", monitor, "--shard-posts", "500", posts)
                try await eventually {
                    try await cluster.sql("SELECT count(*) FROM gw.trouble WHERE errors > 0") == "4"
                }
                cluster.kill("worker")
                let socket = String(cluster.redis.trimmingPrefix("redis+unix://"))
                _ = try await onOwnThread { try Run.program("/usr/bin/redis-cli", ["-s", socket, "FLUSHALL"]) }
                try cluster.start("worker", name: "healthy")
                let watched = try await cluster.command.run("watch", "1", "--output", "json")
                #expect(try rows(watched).first?["posts"] as? Int == expected.posts, "\(watched.messages)")
                #expect(try await cluster.command.run("verify", "1").status == 0)
            }
        }

        @Test func deadShardsAreListedShownAndTriedAgain() async throws {
            try await TestCluster.with { cluster in
                let (posts, monitor) = try Self.slowPosts(3, in: cluster)
                let hidden = posts + ".hidden"
                try cluster.start("coordinator")
                try cluster.start("reduce")
                _ = try await cluster.command.run("submit", "--monitor", monitor, "--shard-posts", "1", posts)
                try FileManager.default.moveItem(atPath: posts, toPath: hidden)
                try cluster.start("worker")
                #expect(try await cluster.command.run("watch", "1").status == 1)
                let listed = try rows(try await cluster.command.run("dead", "list", "1", "--output", "json"))
                #expect(listed.map { $0["shard"] as? Int } == [0, 1, 2])
                #expect(listed.allSatisfy { ($0["reason"] as? String)?.contains("no such file") == true })

                try FileManager.default.moveItem(atPath: hidden, toPath: posts)
                let shown = try await cluster.command.run("dead", "show", "1", "2", "--output", "json")
                #expect((try rows(shown).first?["first bytes"] as? String)?.contains(#""id":"s2""#) == true)
                let unknown = try await cluster.command.run("dead", "show", "1", "9")
                #expect(unknown.status == 1 && unknown.messages.contains("groundswell dead list 1"))

                #expect(
                    try await cluster.command.run("dead", "retry", "1", "0", "1").messages.contains("2 shards of job 1")
                )
                #expect(try await cluster.command.run("dead", "retry", "1").status == 0)
                #expect(try await cluster.command.run("watch", "1").status == 0)
                #expect(try await cluster.sql("SELECT count(*) FROM gw.ledger") == "3")
                let again = try await cluster.command.run("dead", "retry", "1")
                #expect(again.status == 1 && again.messages.contains("groundswell dead list 1"))
            }
        }

        private static func slowPosts(_ count: Int, in cluster: TestCluster) throws -> (posts: String, monitor: String)
        {
            let posts = "\(cluster.folder)/slow.jsonl"
            let monitor = "\(cluster.folder)/slow.yaml"
            let lines = (0..<count).map { post("s\($0)", text: "quenzo is SLOW") + "\n" }
            try lines.joined().write(toFile: posts, atomically: true, encoding: .utf8)
            let text = "name: slow\nmodel: none\nwindows: [day]\nbrands:\n  - {name: quenzo, query: quenzo}\n"
            try text.write(toFile: monitor, atomically: true, encoding: .utf8)
            return (posts, monitor)
        }

        private func eventually(_ condition: () async throws -> Bool) async throws {
            for _ in 0..<600 {
                if try await condition() { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            Issue.record("it did not come to pass within a minute")
        }
    }
}
