import Domain
import Foundation
import Generator
import Testing

extension RealProcesses {
    /// The commands of scheduling, as their users run them.
    @Suite(.timeLimit(.minutes(5)))
    struct SchedulingCommandTests {
        @Test func aDryRunForecastsAndWritesNothing() async throws {
            try await TestCluster.with { cluster in
                let scenario = Scenario.demo(lastDay: Timestamp(seconds: 1_790_000_000), posts: 3000, seed: 2)
                let (posts, monitor, _) = try cluster.archive(scenario, model: "none")
                let dry = [
                    "submit", "--monitor", monitor, "--shard-posts", "500", "--dry-run", "--output", "json", posts,
                ]
                let before = try await cluster.command.run(dry)
                try #require(before.status == 0, "\(before.messages)")
                let row = try #require(try rows(before).first)
                #expect(
                    (2700...3300).contains(row["posts"] as? Int ?? 0) && (5...7).contains(row["shards"] as? Int ?? 0))
                #expect(row["seconds"] is NSNull && before.messages.contains("no job with this model has ended"))
                #expect(try rows(try await cluster.command.run("status", "--output", "json")).isEmpty)

                try cluster.startRoles(workers: 1)
                let submitted = try await cluster.command.run("submit", "--monitor", monitor, "--wait", posts)
                try #require(submitted.status == 0, "\(submitted.messages)")
                let after = try await cluster.command.run(dry)
                #expect((try rows(after).first?["posts/s"] as? Double ?? 0) > 0, "\(after.output)")
                #expect(after.messages.contains("the pace of the last job"))
                #expect(try rows(try await cluster.command.run("status", "--output", "json")).count == 1)
            }
        }

        @Test func aScheduleIsAddedListedAndRemoved() async throws {
            try await TestCluster.with { cluster in
                let monitor = "\(cluster.folder)/monitor.yaml"
                try "name: m\nbrands:\n  - name: A\n    query: a\nmodel: none\n"
                    .write(toFile: monitor, atomically: true, encoding: .utf8)
                let add = [
                    "schedule", "add", "nightly", "--cron", "30 2 * * *", "--monitor", monitor, "posts/%Y/*.jsonl",
                ]
                let added = try await cluster.command.run(add)
                #expect(added.status == 0 && added.messages.contains("T02:30:00Z"), "\(added.messages)")
                let again = try await cluster.command.run(add)
                #expect(again.status == 1 && again.messages.contains("already"))
                let listed = try rows(try await cluster.command.run("schedule", "list", "--output", "json"))
                #expect(
                    listed.first?["schedule"] as? String == "nightly"
                        && listed.first?["cron"] as? String == "30 2 * * *")
                #expect(try await cluster.command.run("schedule", "remove", "nightly").status == 0)
                #expect(try await cluster.command.run("schedule", "remove", "nightly").status == 1)
            }
        }

        @Test func aBadCronExpressionIsWrongUsageAndPointsAtItsField() async throws {
            let next = try await Command().run("schedule", "next", "0 9 * * mon-fri")
            #expect(next.status == 0 && next.output.split(separator: "\n").count == 5, "\(next.output)")
            #expect(next.output.split(separator: "\n").allSatisfy { $0.hasSuffix("T09:00:00Z") })
            let wrong = try await Command().run("schedule", "next", "0 25 * * *")
            #expect(wrong.status == 2 && wrong.messages.contains("the hour 25 is not within 0…23"), "\(wrong.messages)")
            #expect(wrong.messages.contains("0 25 * * *") && wrong.messages.contains("^^"))
        }
    }
}
