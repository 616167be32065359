import Domain
import Foundation
import Generator
import Harness
import Testing
import Web

extension RealProcesses {
    /// Posts that come while the cluster runs, through real processes.
    @Suite(.timeLimit(.minutes(5)))
    struct LiveWayTests {
        private static let lastDay = Timestamp(seconds: 1_790_000_000)

        @Test func livePostsCountAsAFileOfThemDoesWhateverDiesAndComesTwice() async throws {
            try await TestCluster.with { cluster in
                let scenario = Scenario.demo(lastDay: Self.lastDay, posts: 6000, seed: 11)
                let (posts, monitor, expected) = try cluster.archive(scenario)
                try cluster.startRoles(workers: 2)
                try cluster.start(
                    "gateway", ["--monitor", monitor, "--port", "0", "--linger", "100", "--batch-posts", "300"],
                    leases: false, environment: ["GROUNDSWELL_GATEWAY_TOKEN": "let me in"])
                let port = try await port(of: "gateway", in: cluster)
                let lines = try String(contentsOfFile: posts, encoding: .utf8).split(separator: "\n")
                for start in stride(from: 0, to: lines.count, by: 100) {
                    let body = Array((lines[start..<start + 100].joined(separator: "\n") + "\n").utf8)
                    // Every third request comes twice, as from a sender that heard no answer.
                    for _ in 0...(start % 300 == 0 ? 1 : 0) {
                        #expect(try await send(body, key: "from \(start)", to: port).status == 202)
                    }
                    if start == 2000 { cluster.kill("worker-1") }
                    if start == 4000 { try cluster.start("worker", ["--threads", "1"], name: "worker-3") }
                }
                #expect(!cluster.log(of: "gateway").contains("let me in"))
                let closed = try await cluster.command.run("close", "1")
                #expect(closed.status == 0, "\(closed.messages)")
                let watched = try await cluster.command.run("watch", "1", "--output", "json")
                #expect(watched.status == 0, "\(watched.messages)")
                #expect(try rows(watched).first?["posts"] as? Int == expected.posts)
                try await cluster.expectCounts(scenario, expected)
                #expect(try await cluster.sql("SELECT count(*) FROM gw.payload") == "0")

                // The same posts as a file: every table is the same.
                let submitted = try await cluster.command.run("submit", "--monitor", monitor, "--wait", posts)
                try #require(submitted.status == 0, "\(submitted.messages)")
                let verified = try await cluster.command.run("verify", "1", "--against", "2")
                #expect(verified.status == 0, "\(verified.messages)\n\(verified.output)")
            }
        }

        @Test func afollowedFileIsReadOnAfterAKillAndNothingCountsTwice() async throws {
            try await TestCluster.with { cluster in
                let scenario = Scenario.demo(lastDay: Self.lastDay, posts: 4000, seed: 12)
                let (posts, monitor, expected) = try cluster.archive(scenario)
                let bytes = try Data(contentsOf: URL(fileURLWithPath: posts))
                let growing = "\(cluster.folder)/growing.jsonl"
                #expect(FileManager.default.createFile(atPath: growing, contents: nil))
                let file = try #require(FileHandle(forWritingAtPath: growing))
                try cluster.startRoles(workers: 1)
                let follow = [
                    "--monitor", monitor, "--follow", "--linger", "50", "--batch-posts", "100", growing,
                ]
                try cluster.start("ingest", follow, leases: false)
                var written = 0
                for part in 1...20 {
                    // Lines are cut anywhere, as a writer's buffer does.
                    let end = bytes.count * part / 20
                    try file.write(contentsOf: bytes[written..<end])
                    written = end
                    try await Task.sleep(for: .milliseconds(30))
                    if part % 7 == 0 {
                        cluster.kill("ingest")
                        try cluster.start("ingest", follow, leases: false)
                    }
                }
                try file.close()
                try await records(cluster, reach: expected.posts)
                cluster.kill("ingest")
                // Again, as a file that does not grow: it is known how far it was read.
                let again = try await cluster.command.run(
                    "ingest", "--monitor", monitor, "--wait", "--output", "json", growing)
                #expect(again.status == 0, "\(again.messages)")
                #expect(try rows(again).first?["posts"] as? Int == 0)
                try await cluster.expectCounts(scenario, expected)
            }
        }

        private func send(_ body: [UInt8], key: String, to port: Int) async throws -> HTTPResponse {
            try await onOwnThread {
                try HTTPClient.post(
                    "http://127.0.0.1:\(port)/v1/posts",
                    headers: ["Authorization: Bearer let me in", "Idempotency-Key: \(key)"], body: body)
            }
        }

        private func port(of name: String, in cluster: TestCluster) async throws -> Int {
            for _ in 0..<300 {
                if let found = cluster.log(of: name).firstMatch(of: /port=(\d+)/), let port = Int(found.output.1) {
                    return port
                }
                try await Task.sleep(for: .milliseconds(50))
            }
            Issue.record("the gateway does not listen: \(cluster.log(of: name))")
            return 0
        }

        private func records(_ cluster: TestCluster, reach count: Int) async throws {
            for _ in 0..<600 {
                let status = try await cluster.command.run("status", "1", "--output", "json")
                // Before its first batch there is no job.
                if status.status == 0, try rows(status).first?["posts"] as? Int == count { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            Issue.record("not all posts were counted: \(cluster.log(of: "ingest"))")
        }
    }
}
