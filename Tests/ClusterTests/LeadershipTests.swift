import Domain
import Foundation
import Generator
import Testing

extension RealProcesses {
    /// Coordinators as real processes, of which one is killed or stopped.
    @Suite(.timeLimit(.minutes(5)))
    struct LeadershipTests {
        private static let leads = "this coordinator leads"

        /// The aim is five seconds; the tests' machine may be busy with ten other things.
        private static let patience = Duration.seconds(20)

        @Test func aKilledLeaderIsReplaced() async throws {
            try await TestCluster.with { cluster in
                let leader = try await twoCoordinators(cluster)
                let standby = leader == "a" ? "b" : "a"
                cluster.kill(leader)
                #expect(await soon { cluster.log(of: standby).contains(Self.leads) }, "\(cluster.log(of: standby))")
            }
        }

        @Test func aStoppedLeaderIsReplacedAndDoesNoHarmWhenItWakes() async throws {
            try await TestCluster.with { cluster in
                let leader = try await twoCoordinators(cluster)
                let standby = leader == "a" ? "b" : "a"
                try cluster.start("reduce")
                try cluster.start("worker", ["--threads", "1"])
                let scenario = Scenario.demo(lastDay: Timestamp(seconds: 1_790_000_000), posts: 10_000, seed: 11)
                let (posts, monitor, expected) = try cluster.archive(scenario)
                let submitted = try await cluster.command.run(
                    "submit", "--monitor", monitor, "--shard-posts", "50", posts)
                try #require(submitted.status == 0, "\(submitted.messages)")

                cluster.pause(leader)
                #expect(await soon { cluster.log(of: standby).contains(Self.leads) }, "\(cluster.log(of: standby))")
                cluster.resume(leader)
                #expect(
                    await soon { cluster.log(of: leader).contains("the lead was lost") }, "\(cluster.log(of: leader))")
                let watched = try await cluster.command.run("watch", "1", "--output", "json")
                #expect(try rows(watched).first?["posts"] as? Int == expected.posts, "\(watched.messages)")
                let verified = try await cluster.command.run("verify", "1")
                #expect(verified.status == 0, "\(verified.messages)")
                #expect(cluster.log(of: leader).components(separatedBy: Self.leads).count == 2, "it leads again")
            }
        }

        /// Starts two coordinators and returns the name of the one that leads.
        private func twoCoordinators(_ cluster: TestCluster) async throws -> String {
            try cluster.start("coordinator", name: "a")
            try cluster.start("coordinator", name: "b")
            try #require(await soon { ["a", "b"].contains { cluster.log(of: $0).contains(Self.leads) } })
            // Both are up before anything happens to one.
            try #require(await soon { ["a", "b"].allSatisfy { cluster.log(of: $0).contains("coordinator is up") } })
            return cluster.log(of: "a").contains(Self.leads) ? "a" : "b"
        }

        private func soon(_ isTrue: () -> Bool) async -> Bool {
            let deadline = ContinuousClock.now + Self.patience
            while ContinuousClock.now < deadline {
                if isTrue() { return true }
                try? await Task.sleep(for: .milliseconds(50))
            }
            return false
        }
    }
}
