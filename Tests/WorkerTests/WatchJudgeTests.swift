import Anomalies
import Domain
import Foundation
import Generator
import Harness
import Logging
import Monitors
import Store
import Testing
import Trends

@testable import Worker

/// Anomalies as they come out of PostgreSQL, however the posts came in.
@Suite(.timeLimit(.minutes(5)))
struct WatchJudgeTests {
    private static let scenario = Scenario.demo(lastDay: Timestamp(seconds: 1_790_000_000), posts: 30_000, seed: 3)
    private static let alerts = [
        "budget: 2 per week", "metrics: [mentions, authors, engagement, reach]", "platforms: [x]",
    ]

    private static let models = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Models").path

    /// An anomaly without its number and the times of its rows.
    private struct Found: Equatable, CustomStringConvertible {
        var brand: String
        var record: AnomalyRecord

        init(_ brand: String, _ record: AnomalyRecord) {
            self.brand = brand
            self.record = record
            self.record.id = nil
            // How often it was told depends on when one looked.
            self.record.revision = 0
            // No part of the view.
            self.record.news = 0
        }

        var order: [String] {
            [brand, record.key.platform?.name ?? "", record.key.metric.name, "\(record.start)"]
        }

        var description: String {
            "\(brand) \(record.key.metric.name) at \(record.start): \(record.drivers.first?.key ?? "-")"
        }
    }

    private let monitor: Monitor
    private let judge: WatchJudge
    private let lines: [(second: Int64, bytes: [UInt8])]

    init() throws {
        let yaml = MonitorText.yaml(for: Self.scenario, model: "none", alerts: Self.alerts)
        monitor = try Monitor(yaml: yaml, fileName: "test.yaml")
        judge = WatchJudge(try AnomalyModel(folder: Self.models + "/anomaly"))
        var generator = PostGenerator(Self.scenario)
        var bytes: [UInt8] = []
        while generator.nextBlock({ bytes += $0 }) {}
        lines = try bytes.split(separator: 0x0A).map { line in
            let post = try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            let time = try #require(post["created_at"] as? String)
            let moment = try #require(
                try? Date(
                    time, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: time.contains("."))))
            return (Int64(moment.timeIntervalSince1970), Array(line) + [0x0A])
        }
    }

    @Test(arguments: [3, 8]) func anyNumberOfShardsInAnyOrderFindsTheSameAnomalies(shards: Int) async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Harness.Seeded(state: seed)
        let whole = try await backfill(shards: 1, &random)
        #expect(try await backfill(shards: shards, &random) == whole, "seed \(seed)")
        #expect(!whole.isEmpty)
    }

    @Test func thePlantedSpikeIsFoundWithItsCauseAndNoBrandIsAccusedOfIt() async throws {
        var random = Harness.Seeded(state: 1)
        let found = try await backfill(shards: 2, &random)
        let spike = try #require(Self.scenario.spike)
        let brand = Self.scenario.brands[spike.brand].name
        let mentions = found.filter {
            $0.brand == brand && $0.record.key == SeriesKey(platform: nil, metric: .mentions)
        }
        let planted = try #require(
            mentions.first { $0.record.start <= spike.start.seconds + 2 * 3600 && spike.start.seconds < $0.record.end })
        #expect(planted.record.drivers.first?.kind == "hashtag" && planted.record.drivers.first?.key == spike.hashtag)
        #expect(planted.record.examples.allSatisfy { $0.text.contains("#\(spike.hashtag)") })
        #expect(planted.record.examples.count == 3)
        #expect(planted.record.stage == .closed && planted.record.kind == .spike)
    }

    @Test func postsThatComeLiveFindTheAnomaliesOfABackfillAlsoWhenSomeAreLate() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Harness.Seeded(state: seed)
        let whole = try await backfill(shards: 1, &random)
        // One post in twenty is up to four hours late: within the horizon of six.
        let arrivals = lines.map { line in
            (
                at: line.second
                    + (Int.random(in: 0..<20, using: &random) == 0 ? Int64.random(in: 0..<14_400, using: &random) : 0),
                line: line
            )
        }.sorted { $0.at < $1.at }
        let (found, events) = try await live(arrivals.map(\.line))
        #expect(found == whole, "seed \(seed)")
        #expect(events.contains(.opened) && events.contains(.closed), "seed \(seed)")
        // Nothing but late posts could have changed what was told.
        #expect(events.filter { $0 == .opened }.count >= whole.count)
    }

    @Test func jobsThatFollowEachOtherInAnyOrderFindWhatOneJobFinds() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Harness.Seeded(state: seed)
        let whole = try await backfill(shards: 1, &random)
        // Day by day, as a schedule submits them; then the fifth day comes last, into a time that was judged.
        let day: Int64 = 86_400
        var days = Dictionary(grouping: lines) { $0.second / day }.sorted { $0.key < $1.key }.map(\.value)
        #expect(try await jobs(days) == whole, "seed \(seed)")
        days.append(days.remove(at: 4))
        #expect(try await jobs(days) == whole, "seed \(seed)")
    }

    // MARK: The ways in

    /// Each piece is a job of its own, judged before the next one comes.
    private func jobs(_ pieces: [[(second: Int64, bytes: [UInt8])]]) async throws -> [Found] {
        try await withWatchStore { store in
            for piece in pieces {
                let slices = [ShardSlice(source: 0, offset: 0, length: 1)]
                let job = try await store.submit(submission(.bulk), shards: slices).job
                try await store.advance(job, to: 1)
                try await merge(piece, ShardID(job: job, index: 0), context(job), store)
                #expect(try await store.completeFinishedJobs() == [job])
                _ = try await judgeAll(store)
            }
            return try await found(store)
        }
    }

    private func backfill(shards: Int, _ random: inout Harness.Seeded) async throws -> [Found] {
        var cuts = (1..<shards).map { _ in Int.random(in: 0..<lines.count, using: &random) }.sorted()
        cuts = [0] + cuts + [lines.count]
        let pieces = zip(cuts, cuts.dropFirst()).map { Array(lines[$0..<$1]) }
        let order = pieces.indices.shuffled(using: &random)
        return try await withWatchStore { store in
            let slices = pieces.indices.map { ShardSlice(source: 0, offset: Int64($0), length: 1) }
            let job = try await store.submit(submission(.bulk), shards: slices).job
            try await store.advance(job, to: slices.count)
            let context = context(job)
            for index in order {
                try await merge(pieces[index], ShardID(job: job, index: UInt32(index)), context, store)
            }
            #expect(try await store.completeFinishedJobs() == [job])
            _ = try await judgeAll(store)
            return try await found(store)
        }
    }

    private func live(_ lines: [(second: Int64, bytes: [UInt8])]) async throws -> ([Found], [AlertMessage.Event]) {
        try await withWatchStore { store in
            let job = try await store.openLive(submission(.live))
            var source = try await store.openSource(named: "in", identity: "1", format: .jsonLines, of: job)
            let context = context(job)
            var events: [AlertMessage.Event] = []
            let size = lines.count / 25
            for start in stride(from: 0, to: lines.count, by: size) {
                let piece = Array(lines[start..<min(start + size, lines.count)])
                let latest = piece.map(\.second).max().map { Timestamp(seconds: $0) }
                let batch = LiveBatch(
                    payload: [1], length: 1, latest: latest,
                    receivedAt: Timestamp(seconds: Int64(Date().timeIntervalSince1970)))
                guard case .accepted(let shard) = try await store.accept(batch, from: source) else {
                    Issue.record("the batch was not accepted")
                    break
                }
                source.position += 1
                try await store.advance(job, to: Int(shard.index) + 1)
                try await merge(piece, shard, context, store)
                try await store.settleArriving()
                events += try await judgeAll(store)
            }
            try await store.closeLive(job)
            #expect(try await store.completeFinishedJobs() == [job])
            events += try await judgeAll(store)
            return (try await found(store), events)
        }
    }

    // MARK: Parts

    private func withWatchStore<Result>(_ body: (Store) async throws -> Result) async throws -> Result {
        try await withPostgres { url in
            let store = Store(url: url, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            _ = try await store.migrate()
            return try await body(store)
        }
    }

    private func submission(_ lane: Lane) -> JobSubmission {
        JobSubmission(
            monitor: monitor.name, monitorYAML: monitor.yaml, monitorVersion: monitor.version,
            brands: monitor.brands.map { ($0.name, $0.query.description) }, alertSeconds: monitor.alertSeconds,
            lane: lane,
            sources: lane == .live
                ? [] : [SourceDescription(place: .payload(name: "test"), format: .jsonLines, compression: .none)])
    }

    private func context(_ job: JobID) -> JobContext {
        JobContext(job: job, monitor: monitor, reader: nil, submitted: Timestamp(seconds: 1_790_000_000 + 86_400))
    }

    private func merge(
        _ lines: [(second: Int64, bytes: [UInt8])], _ shard: ShardID, _ context: JobContext, _ store: Store
    ) async throws {
        let description = ShardDescription(
            id: shard, source: SourceDescription(place: .payload(name: "test"), format: .jsonLines, compression: .none),
            offset: 0, length: 0)
        var pipeline = ShardPipeline(context: context)
        var parts: [Partial] = []
        try pipeline.run(description, payload: lines.flatMap(\.bytes), emit: { parts.append($0) })
        // As the reducer gets it.
        parts = try parts.map { try Partial(encoded: $0.encoded()) }
        #expect(try await store.merge([MergeItem(shard: shard, attempt: 1, parts: parts)]).merged == [shard])
    }

    private func judgeAll(_ store: Store) async throws -> [AlertMessage.Event] {
        try await store.markDueWatches()
        var events: [AlertMessage.Event] = []
        while let judged = try await store.judgeNext({ [judge] in try judge.judge($0, $1) }) {
            events += judged.messages.map(\.event)
        }
        return events
    }

    private func found(_ store: Store) async throws -> [Found] {
        var filter = AnomalyFilter()
        filter.monitor = monitor.name
        return try await store.anomalies(filter).filter { $0.record.stage != .withdrawn }
            .map { Found($0.brand, $0.record) }.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }
}
