import Domain
import Foundation
import Generator
import Harness
import Monitors
import Readings
import Testing
import Text
import Trends

@testable import Worker

/// What a job with readings counts, however its posts are dealt out.
@Suite(.timeLimit(.minutes(5)))
struct ReadingPipelineTests {
    /// A deep model that adds up tokens.
    private struct Sums: DeepTexts {
        let version = "sums"

        func tokens(of text: String) -> [Int32] { text.lowercased().utf8.map(Int32.init) }

        func readings(of texts: [String]) -> [DeepReading] {
            texts.map { text in
                let sum = tokens(of: text).reduce(0) { ($0 * 31 + Int64($1)) % 999_983 }
                let flag = DeepReading.Flag(probability: sum, isRaised: sum % 3 == 0)
                return DeepReading(
                    sentiment: Sentiment(negative: Float(sum % 100) / 200, positive: Float(sum % 77) / 160),
                    irony: flag, offence: flag, hate: flag, emotions: SIMD4(sum, sum / 2, sum / 3, sum / 4),
                    emotion: .anger)
            }
        }
    }

    private static let models =
        ProcessInfo.processInfo.environment["GROUNDSWELL_MODELS"]
        ?? URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Models").path

    private static func archive(posts: Int) throws -> [[UInt8]] {
        let scenario = Scenario.demo(lastDay: Timestamp(seconds: 1_790_000_000), posts: posts, seed: 5)
        var generator = PostGenerator(scenario)
        var bytes: [UInt8] = []
        while generator.nextBlock({ bytes += $0 }) {}
        return bytes.split(separator: 0x0A).map { Array($0) + [0x0A] }
    }

    private static func context(
        _ model: Monitor.Model, reader: TextReader, explain: Monitor.Explain = .examples
    ) throws -> JobContext {
        let scenario = Scenario.demo(lastDay: Timestamp(seconds: 1_790_000_000), posts: 1, seed: 5)
        let yaml = MonitorText.yaml(for: scenario, model: model.rawValue)
        let monitor = try Monitor(yaml: "\(yaml)\nexplain: \(explain.rawValue)\n", fileName: "test.yaml")
        return JobContext(
            job: JobID(rawValue: 1), monitor: monitor, reader: reader, submitted: Timestamp(seconds: 1_790_000_000))
    }

    private static func count(_ lines: [[UInt8]], _ context: JobContext, batchSize: Int) throws -> Partial {
        let shard = ShardDescription(
            id: ShardID(job: JobID(rawValue: 1), index: 0),
            source: SourceDescription(place: .payload(name: "test"), format: .jsonLines, compression: .none),
            offset: 0, length: 0)
        var pipeline = ShardPipeline(context: context, batchSize: batchSize)
        var sum = Partial()
        try pipeline.run(shard, payload: Array(lines.joined()), emit: { sum.merge($0) })
        return sum
    }

    /// The archive cut at random, each piece in batches of another size, four pieces at a time.
    private static func countInParts(
        _ lines: [[UInt8]], _ context: JobContext, _ random: inout Harness.Seeded
    ) async throws -> Partial {
        var pieces: [(lines: [[UInt8]], batchSize: Int)] = []
        var start = 0
        while start < lines.count {
            let end = min(lines.count, start + Int.random(in: 1...lines.count / 3, using: &random))
            pieces.append((Array(lines[start..<end]), Int.random(in: 1...64, using: &random)))
            start = end
        }
        return try await withThrowingTaskGroup(of: Partial.self) { group in
            for (lines, batchSize) in pieces {
                group.addTask { try Self.count(lines, context, batchSize: batchSize) }
            }
            return try await group.reduce(into: Partial()) { $0.merge($1) }
        }
    }

    private func check(
        _ reader: TextReader, _ model: Monitor.Model, posts: Int, explain: Monitor.Explain = .examples
    ) async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Harness.Seeded(state: seed)
        let lines = try Self.archive(posts: posts)
        let context = try Self.context(model, reader: reader, explain: explain)
        let whole = try Self.count(lines, context, batchSize: 512)
        let parts = try await Self.countInParts(lines, context, &random)
        #expect(RollupDigest(of: parts) == RollupDigest(of: whole), "seed \(seed)")
        #expect(try Partial(encoded: parts.encoded()) == whole, "seed \(seed)")
        var sum = Measures()
        for (key, measures) in whole.rollups where key.grain == .day { sum.merge(measures) }
        let scored = sum.negative + sum.neutral + sum.positive + sum.unsure
        #expect(scored + sum.readings[.unsupported] == sum.posts)
        #expect(scored > 0)
        // The archive has posts in three languages.
        let isForEnglish = !reader.version.contains("multilingual")
        if isForEnglish { #expect(sum.readings[.unsupported] > 0) }
        switch model {
        case .none, .fast: #expect(sum.readings[.readDeep] == 0)
        case .cascade: #expect((1..<scored).contains(sum.readings[.readDeep]))
        case .deep: #expect(isForEnglish ? sum.readings[.readDeep] == scored : sum.readings[.readDeep] > 0)
        }
    }

    @Test func theFastModelsCountsDoNotDependOnHowPostsAreDealtOut() async throws {
        try await check(
            TextReader(fast: try SentimentModel(directory: "\(Self.models)/fast-sentiment")), .fast, posts: 400)
    }

    @Test(arguments: Monitor.Explain.allCases)
    func reasonsAreGivenAsAskedFor(explain: Monitor.Explain) async throws {
        let reader = TextReader(fast: try SentimentModel(directory: "\(Self.models)/fast-sentiment"))
        try await check(reader, .fast, posts: 400, explain: explain)
        let partial = try Self.count(
            try Self.archive(posts: 400), try Self.context(.fast, reader: reader, explain: explain), batchSize: 512)
        let examples = partial.examples.values.joined()
        #expect(examples.contains { !$0.reasons.isEmpty } == (explain != .none))
        #expect(examples.allSatisfy { $0.reasons.isEmpty || $0.sentiment != nil })
        let words = partial.terms.filter { $0.key.kind == .blame || $0.key.kind == .praise }
        #expect(words.isEmpty == (explain != .all))
    }

    @Test(arguments: [TextReader.Deep.Share.unsure, .all])
    func aDeepModelsCountsDoNotDependOnHowPostsAreDealtOut(share: TextReader.Deep.Share) async throws {
        // A cache that forgets most of what it was told.
        let deep = TextReader.Deep(
            model: Sums(), share: share, settings: ReadingSettings(), cache: ReadingCache(limit: 20_000))
        let reader = TextReader(
            fast: try SentimentModel(directory: "\(Self.models)/fast-sentiment"), deep: deep)
        try await check(reader, share == .all ? .deep : .cascade, posts: 400)
    }

    @Test(arguments: [Monitor.Model.cascade, .deep])
    func theRealDeepModelsCountsDoNotDependOnHowPostsAreDealtOut(model: Monitor.Model) async throws {
        let shelf = ModelShelf(folder: Self.models)
        guard FileManager.default.fileExists(atPath: "\(Self.models)/\(DeepModel.folderName)"),
            FileManager.default.fileExists(atPath: "\(Self.models)/\(DeepModel.baseName)"),
            let reader = try shelf.reader(for: model)
        else {
            print("skipped: \(Self.models) holds no deep model")
            return
        }
        try await check(reader, model, posts: 200)
    }
}
