import Foundation
import Harness
import LocalServers
import Testing

private let sharedFolder = ProcessInfo.processInfo.environment["GROUNDSWELL_SHARED"]

extension RealProcesses {
    /// Real posts: every count equals a plain count over the raw lines.
    @Suite(
        .enabled(if: sharedFolder != nil, "skipped: GROUNDSWELL_SHARED is not set"), .timeLimit(.minutes(5)))
    struct RealPostsTests {
        private static let docs = URL(fileURLWithPath: Command.models).deletingLastPathComponent().path + "/docs"

        private static func lines(of set: String, limit: Int) async throws -> [[String: Any]] {
            let path = try #require(sharedFolder) + "/data/text/\(set).jsonl.gz"
            let text = try await onOwnThread {
                try Run.program("/bin/sh", ["-c", "zcat '\(path)' | head -n \(limit)"])
            }
            return try text.split(separator: "\n").map { line in
                try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            }
        }

        @Test func airlineTweetsAreCountedByBrandAndDayAsAPlainCountDoes() async throws {
            let brands = [
                "American": "americanair", "JetBlue": "jetblue", "Southwest": "southwestair", "United": "united",
                "US Airways": "usairways", "Virgin America": "virginamerica",
            ]
            var expected: [String: Int] = [:]
            for tweet in try await Self.lines(of: "airline.dev", limit: 100_000) {
                let text = try #require(tweet["text"] as? String).lowercased()
                let day = try #require(tweet["ts"] as? String).prefix(10)
                for (brand, handle) in brands where try Regex("@\(handle)(?![a-z0-9_])").firstMatch(in: text) != nil {
                    expected["\(brand) \(day)", default: 0] += 1
                }
            }
            #expect(expected.count > 30)
            try await TestCluster.with { cluster in
                try cluster.startRoles(workers: 2)
                let archive = try #require(sharedFolder) + "/data/text/airline.dev.jsonl.gz"
                let result = try await cluster.command.run(
                    "submit", "--monitor", "\(Self.docs)/airlines.yaml", "--wait", archive)
                try #require(result.status == 0, "\(result.messages)")
                #expect(try await Self.counts(cluster) == expected)
                #expect(try await cluster.command.run("verify", "1").status == 0)
            }
        }

        @Test func aStreamOfPostsIsCountedByTopicAndDayAsAPlainCountDoes() async throws {
            let posts = try await Self.lines(of: "stream.dev", limit: 20_000)
            let letter = #"[\p{L}\p{N}\p{M}_]"#
            let name = try NSRegularExpression(pattern: "(?<!\(letter))(clinton|hillary)(?!\(letter))")
            var expected: [String: Int] = [:]
            for post in posts {
                let text = try #require(post["text"] as? String).lowercased()
                let day = try #require(post["ts"] as? String).prefix(10)
                if name.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil {
                    expected["Clinton \(day)", default: 0] += 1
                }
            }
            try await TestCluster.with { cluster in
                let archive = "\(cluster.folder)/stream.jsonl"
                let lines = try posts.map {
                    String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
                }
                try (lines.joined(separator: "\n") + "\n").write(toFile: archive, atomically: true, encoding: .utf8)
                try cluster.startRoles(workers: 2)
                let result = try await cluster.command.run(
                    "submit", "--monitor", "\(Self.docs)/stream.yaml", "--shard-posts", "3000", "--wait", archive)
                try #require(result.status == 0, "\(result.messages)")
                let found = try await Self.counts(cluster).filter { $0.key.hasPrefix("Clinton") }
                #expect(found == expected)
                #expect(try await cluster.command.run("verify", "1").status == 0)
            }
        }

        @Test func theShippedModelReachesItsMarkOnTheValidationPosts() async throws {
            let path = try #require(sharedFolder) + "/data/text/sentiment.val.jsonl.gz"
            let result = try await Command().run("evaluate", "--output", "json", path)
            let recall = try #require(try rows(result).first?["macro recall"] as? Double)
            #expect(recall >= 66.5)
        }

        private static func counts(_ cluster: TestCluster) async throws -> [String: Int] {
            var counts: [String: Int] = [:]
            for row in try rows(try await cluster.command.run("trends", "--by", "day", "--output", "json")) {
                let (brand, day) = (try #require(row["brand"] as? String), try #require(row["day"] as? String))
                counts["\(brand) \(day)"] = row["posts"] as? Int
            }
            return counts
        }
    }
}
