import Foundation
import Harness
import Testing

extension RealProcesses {
    /// The whole way of a label, as an analyst walks it: press keys, train, submit again, read corrected shares.
    @Suite(.timeLimit(.minutes(5)))
    struct LabelWayTests {
        /// Posts that general models hold for neutral, though customers mean them badly, and others.
        private static let kinds: [(label: Int, text: @Sendable (Int) -> String)] = [
            (0, { "@quenzo where is my parcel number \($0)" }), (0, { "@quenzo day \($0) without my parcel" }),
            (1, { "@quenzo opens at \($0) tomorrow" }), (2, { "@quenzo thank you, lovely service number \($0)" }),
        ]

        @Test func labelsChangeTrendsAndMeasureThem() async throws {
            try await TestCluster.with { cluster in
                let (posts, truth) = try Self.archive(in: cluster.folder)
                try Self.monitor("plain", in: cluster.folder)
                try Self.monitor("own", head: "quenzo", in: cluster.folder)
                // The roles have a shelf without heads: a head travels with its job.
                var command = cluster.command
                command.environment["GROUNDSWELL_MODELS"] = try Self.shelf(in: cluster.folder)
                try cluster.startRoles(workers: 1)
                let submit = { (name: String) in
                    ["submit", "--monitor", "\(cluster.folder)/\(name).yaml", "--wait", posts]
                }
                try #require(try await command.run(submit("plain")).status == 0)

                let walk = Walk(command: command, folder: cluster.folder, posts: posts, truth: truth)
                try await walk.label(sample: "random", count: 60)
                try await walk.label(sample: "chosen", count: 40)
                let labels = try await cluster.sql(
                    "SELECT is_sampled, count(*) FROM trends.labels GROUP BY 1 ORDER BY 1")
                #expect(labels == "f|40\nt|60")

                let trained = try await command.run("train", "--from-labels", "--output", "json")
                try #require(trained.status == 0, "\(trained.messages)")
                #expect(try rows(trained).map { $0["judged by"] as? String } == ["cross-validation", "random sample"])

                try #require(try await command.run(submit("own")).status == 0)
                let negative = try await cluster.sql(
                    "SELECT monitor, negative FROM trends.brand_day ORDER BY monitor DESC"
                ).split(separator: "\n").compactMap { Int($0.split(separator: "|")[1]) }
                try #require(negative.count == 2)
                #expect(abs(negative[1] - 200) < abs(negative[0] - 200), "of 200: \(negative)")
                #expect(try await command.run("verify", "2").status == 0)

                let corrected = try rows(
                    try await command.run("trends", "--corrected", "--monitor", "plain", "--output", "json"))
                #expect(corrected.map { $0["labels"] as? Int } == [60, 60, 60])
                for (row, share) in zip(corrected, [50.0, 25, 25]) {
                    let (low, high) = (row["95% from"] as? Double ?? 100, row["to"] as? Double ?? 0)
                    #expect(low <= share && share <= high && high - low < 30, "\(row)")
                }
            }
        }

        @Test func labelsLeaveAndComeBackAsLines() async throws {
            try await TestCluster.with { cluster in
                let lines = """
                    {"brand":"Quenzo","label":"negative","text":"slow again","annotator":"ann"}
                    {"brand":"Aero","label":2,"text":"what a flight","posted_at":"2026-11-01T10:00:00Z","sample_weight":2}
                    """
                try lines.write(toFile: "\(cluster.folder)/labels.jsonl", atomically: true, encoding: .utf8)
                let imported = try await cluster.command.run("label", "import", "\(cluster.folder)/labels.jsonl")
                try #require(imported.status == 0, "\(imported.messages)")
                let exported = try await cluster.command.run("label", "export")
                #expect(exported.output.split(separator: "\n").count == 2)
                try exported.output.write(toFile: "\(cluster.folder)/again.jsonl", atomically: true, encoding: .utf8)
                _ = try await cluster.sql("DELETE FROM gw.label")
                _ = try await cluster.command.run("label", "import", "\(cluster.folder)/again.jsonl")
                #expect(try await cluster.command.run("label", "export").output == exported.output)
            }
        }

        /// An analyst who knows the truth: looks at what is asked, then presses the keys.
        private struct Walk {
            let command: Command
            let folder: String
            let posts: String
            let truth: [String: Int]

            func label(sample: String, count: Int) async throws {
                let asked = try await ask(sample, count, keys: String(repeating: "s", count: count))
                let shown = asked.split(separator: "\n").compactMap { line in
                    line.split(separator: "  ", maxSplits: 1).last.map(String.init)
                }.compactMap { truth[$0] }
                try #require(shown.count == count, "\(asked)")
                _ = try await ask(sample, count, keys: shown.map { "\($0 + 1)" }.joined())
            }

            private func ask(_ sample: String, _ count: Int, keys: String) async throws -> String {
                let input = "\(folder)/keys"
                try keys.write(toFile: input, atomically: true, encoding: .utf8)
                let result = try await command.run(
                    "label", "--brand", "Quenzo", "--sample", sample, "--count", "\(count)", "--monitor",
                    "\(folder)/plain.yaml", posts, input: input)
                try #require(result.status == 0, "\(result.messages)")
                return result.messages
            }
        }

        private static func archive(in folder: String) throws -> (path: String, truth: [String: Int]) {
            var truth: [String: Int] = [:]
            var lines = ""
            for number in 0..<400 {
                let kind = kinds[number % kinds.count]
                let text = kind.text(number)
                truth[text] = kind.label
                lines +=
                    #"{"id":"\#(number)","at":"2026-11-01T10:00:00Z","who":"a\#(number)","text":"\#(text)","lang":"en"}"#
                    + "\n"
            }
            try lines.write(toFile: "\(folder)/posts.jsonl", atomically: true, encoding: .utf8)
            return ("\(folder)/posts.jsonl", truth)
        }

        private static func monitor(_ name: String, head: String? = nil, in folder: String) throws {
            try """
            name: \(name)
            brands:
              - {name: Quenzo, query: '@quenzo'\(head.map { ", head: \($0)" } ?? "")}
            source:
              platform: x
              fields: {id: id, created_at: at, text: text, author.id: who, lang: lang}
            """.write(toFile: "\(folder)/\(name).yaml", atomically: true, encoding: .utf8)
        }

        private static func shelf(in folder: String) throws -> String {
            let shelf = "\(folder)/models"
            try FileManager.default.createDirectory(atPath: shelf, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: "\(shelf)/fast-sentiment", withDestinationPath: "\(Command.models)/fast-sentiment")
            return shelf
        }
    }
}
