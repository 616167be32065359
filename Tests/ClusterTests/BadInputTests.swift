import Foundation
import Harness
import LocalServers
import Testing

extension RealProcesses {
    /// Broken input gives a clear error or a quarantine row, and nothing else is lost.
    @Suite(.timeLimit(.minutes(3)))
    struct BadInputTests {
        private static let monitor = """
            name: bad input
            model: none
            windows: [day]
            brands:
              - name: quenzo
                query: quenzo

            """

        private static func post(
            _ id: String, text: String = "a quenzo here", created: String = "2026-11-01T10:00:00Z"
        ) -> String {
            #"{"v":1,"platform":"x","id":"\#(id)","op":"upsert","kind":"post","created_at":"\#(created)","#
                + #""author":{"id":"a1"},"text":"\#(text)"}"# + "\n"
        }

        /// One good post beside each kind of bad record.
        private static func fill(_ folder: String) throws {
            func write(_ name: String, _ bytes: Data) throws {
                try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            }
            try write("empty.jsonl", Data())
            try write(
                "long-line.jsonl", Data((post("l1", text: String(repeating: "x", count: 5 << 20)) + post("l2")).utf8))
            var invalid = Data(post("u1").utf8)
            invalid.replace(Data("quenzo".utf8), with: Data([0xC3, 0x28, 0xFF]))
            try write("invalid-utf8.jsonl", invalid + Data(post("u2").utf8))
            try write(
                "missing-field.jsonl",
                Data((#"{"v":1,"platform":"x","op":"upsert","id":"m1"}"# + "\n" + post("m2")).utf8))
            try write("future.jsonl", Data((post("f1", created: "2999-01-01T00:00:00Z") + post("f2")).utf8))
            try write(
                "number-id.jsonl", Data((post("n1").replacing(#""id":"n1""#, with: #""id":17"#) + post("n2")).utf8))
            try write("posts.jsonl", Data(post("z1").utf8))
            try Run.program("/bin/gzip", ["\(folder)/posts.jsonl"])
            let whole = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/posts.jsonl.gz"))
            try write("truncated.jsonl.gz", whole.prefix(whole.count - 12))
        }

        @Test func badRecordsAreQuarantinedAndTheGoodOnesCount() async throws {
            try await TestCluster.with { cluster in
                let folder = "\(cluster.folder)/posts"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try Self.fill(folder)
                let monitor = "\(cluster.folder)/monitor.yaml"
                try Self.monitor.write(toFile: monitor, atomically: true, encoding: .utf8)
                try cluster.startRoles(workers: 1)
                let result = try await cluster.command.run(
                    "submit", "--monitor", monitor, "--wait", "--output", "json", folder)
                #expect(result.status == 0, "\(result.messages)")
                #expect(result.messages.contains("empty.jsonl"))
                let job = try #require(try rows(result).first)
                // l2, u2, m2, f2, n2 and the whole archive's z1; of the truncated one nothing or z1.
                #expect((6...7).contains(job["mentions"] as? Int ?? 0), "\(result.output)")
                #expect(job["quarantined"] as? Int == 6, "\(result.output)")
            }
        }

        @Test func aQueryWithAnUnclosedParenthesisPointsAtItsPlace() async throws {
            let result = try await Command().run("query", "test", "(acme OR globex", "acme")
            #expect(result.status == 1)
            #expect(result.messages.contains("^"))
            #expect(result.messages.contains("column"))
        }

        @Test func anUnknownMonitorKeyNamesItsLineAndTheNearestKey() async throws {
            try await withFolder { folder in
                let path = "\(folder)/monitor.yaml"
                try Self.monitor.replacing("query:", with: "quary:").write(
                    toFile: path, atomically: true, encoding: .utf8)
                let result = try await Command().run("count", "--monitor", path, "/dev/null")
                #expect(result.status == 1)
                #expect(result.messages.contains("\(path):6"))
                #expect(result.messages.contains("query"))
            }
        }

        @Test func absentServersAndWrongPasswordsAreToldWithoutTheirPasswords() async throws {
            let dead = try await Command().run("status", "--postgres", "postgres://user:secret@127.0.0.1:1/none")
            #expect(dead.status == 1)
            #expect(!dead.messages.contains("secret"))
            try await withRedis(.init(password: "right")) { redis in
                try await withPostgres { postgres in
                    let migrated = try await Command(environment: ["GROUNDSWELL_POSTGRES": postgres]).run("migrate")
                    #expect(migrated.status == 0, "\(migrated.messages)")
                    let wrong = redis.replacing("right", with: "wr0ng")
                    let result = try await Command().run("worker", "--redis", wrong, "--postgres", postgres)
                    #expect(result.status == 1)
                    #expect(result.messages.lowercased().contains("password"), "\(result.messages)")
                    #expect(!result.messages.contains("wr0ng"))
                }
            }
            let noRedis = try await Command().run(
                "worker", "--redis", "redis://127.0.0.1:1", "--postgres", "postgres:///none")
            #expect(noRedis.status == 1)
        }

        @Test func wrongUsageGivesCode2AndAFullDiskCode1() async throws {
            #expect(try await Command().run("submit").status == 2)
            #expect(try await Command().run("trends", "--by", "week").status == 2)
            #expect(try await Command().run("--help").status == 0)
            let script = "'\(Command.executable)' query test acme acme > /dev/full; echo code $?"
            let printed = try await onOwnThread { try Run.program("/bin/sh", ["-c", script]) }
            #expect(printed.contains("code 1"))
        }

        @Test func everyCommandHasHelpWithAnExample() async throws {
            let help = try await Command().run("--help").output
            let names = help.split(separator: "\n").compactMap {
                $0.wholeMatch(of: #/  (?<name>[a-z]+) {2,}\S.*/#)?.output.name
            }
            #expect(names.count > 15)
            for name in names where name != "help" {
                let text = try await Command().run(String(name), "--help")
                #expect(text.output.contains("Example: groundswell"), "\(name)")
            }
        }

        @Test func standardInputIsCountedLikeAFile() async throws {
            try await TestCluster.with { cluster in
                let monitor = "\(cluster.folder)/monitor.yaml"
                try Self.monitor.write(toFile: monitor, atomically: true, encoding: .utf8)
                let posts = "\(cluster.folder)/posts.jsonl"
                try (0..<50).map { Self.post("s\($0)") }.joined().write(
                    toFile: posts, atomically: true, encoding: .utf8)
                try cluster.startRoles(workers: 1)
                let result = try await cluster.command.run(
                    ["submit", "--monitor", monitor, "--shard-posts", "20", "--wait", "--output", "json", "-"],
                    input: posts
                )
                #expect(result.status == 0, "\(result.messages)")
                #expect(try rows(result).first?["mentions"] as? Int == 50)
                #expect(try rows(result).first?["shards"] as? Int == 3)
                #expect(try await cluster.command.run("verify", "1").status == 0)
            }
        }
    }
}
