import Domain
import Foundation
import Generator
import Harness
import Testing

extension RealProcesses {
    /// The main job through real processes, real Redis, real PostgreSQL.
    @Suite(.timeLimit(.minutes(5)))
    struct WholeWayTests {
        private static let lastDay = Timestamp(seconds: 1_790_000_000)

        @Test func aBackfillSurvivesAKilledWorkerAndCountsEveryPostOnce() async throws {
            try await TestCluster.with { cluster in
                let scenario = Scenario.demo(lastDay: Self.lastDay, posts: 20_000, seed: 7)
                let (posts, monitor, expected) = try cluster.archive(scenario)
                let submitted = try await cluster.command.run(
                    "submit", "--monitor", monitor, "--shard-posts", "200", "--output", "json", posts)
                try #require(submitted.status == 0, "\(submitted.messages)")
                try cluster.startRoles(workers: 3)
                try await progress(cluster, of: 1, reaches: 0.1)
                cluster.kill("worker-2")

                let watched = try await cluster.command.run("watch", "1", "--output", "json")
                try #require(watched.status == 0, "\(watched.messages)\n\(cluster.log(of: "worker-1"))")
                let job = try #require(try rows(watched).first)
                #expect(job["state"] as? String == "completed")
                #expect(job["posts"] as? Int == expected.posts)
                #expect(job["quarantined"] as? Int == 0)

                let verified = try await cluster.command.run("verify", "1")
                #expect(verified.status == 0, "\(verified.messages)\n\(verified.output)")
                try await cluster.expectCounts(scenario, expected)
            }
        }

        @Test func oneWorkerFourWorkersAndNoQueueGiveTheSameDigests() async throws {
            try await TestCluster.with { cluster in
                let scenario = Scenario.demo(lastDay: Self.lastDay, posts: 6000, seed: 3)
                let (posts, monitor, _) = try cluster.archive(scenario)
                let submit = ["submit", "--monitor", monitor, "--shard-posts", "100", "--wait", posts]
                try cluster.startRoles(workers: 1)
                let alone = try await cluster.command.run(submit)
                try #require(alone.status == 0, "\(alone.messages)")
                for number in 2...4 { try cluster.start("worker", ["--threads", "1"], name: "worker-\(number)") }
                let together = try await cluster.command.run(submit)
                try #require(together.status == 0, "\(together.messages)")
                let compared = try await cluster.command.run("verify", "2", "--against", "1")
                #expect(compared.status == 0, "\(compared.output)")
                let recounted = try await cluster.command.run("verify", "2", "--output", "json")
                #expect(recounted.status == 0, "\(recounted.output)")
                let counted = try await cluster.command.run(
                    "count", "--monitor", monitor, "--digest", "--output", "json", posts)
                let digests = try rows(counted).map { $0["digest"] as? String }
                #expect(try rows(recounted).map { $0["digest"] as? String } == digests)
            }
        }

        @Test func aWorkerThatIsToldToStopHandsItsShardsBack() async throws {
            try await TestCluster.with { cluster in
                let (posts, monitor, expected) = try cluster.archive(
                    .demo(lastDay: Self.lastDay, posts: 20_000, seed: 5))
                _ = try await cluster.command.run("submit", "--monitor", monitor, "--shard-posts", "500", posts)
                try cluster.startRoles(workers: 1)
                try await progress(cluster, of: 1, reaches: 0.05)
                let started = ContinuousClock.now
                cluster.stop("worker-1")
                #expect(ContinuousClock.now - started < .seconds(5))
                try cluster.start("worker", [], name: "worker-2")
                let watched = try await cluster.command.run("watch", "1", "--output", "json")
                #expect(try rows(watched).first?["posts"] as? Int == expected.posts)
            }
        }

        private func progress(_ cluster: TestCluster, of job: Int, reaches share: Double) async throws {
            for _ in 0..<600 {
                let status = try await cluster.command.run("status", "\(job)", "--output", "json")
                let done = (try rows(status).first?["done"] as? String).flatMap { Double($0.dropLast()) } ?? 0
                if done >= share * 100 { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            Issue.record("job \(job) made no progress: \(cluster.log(of: "worker-1"))")
        }
    }
}
