import Domain
import Harness
import Logging
import Postgres
import Sketches
import Store
import Trends

/// A migrated database for one test.
func withStore<Result>(_ body: (Store, String) async throws -> Result) async throws -> Result {
    try await withPostgres { url in
        let store = makeStore(url)
        _ = try await store.migrate()
        return try await body(store, url)
    }
}

func makeStore(_ url: String) -> Store {
    Store(url: url, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}

/// The rows of a query as text, columns joined by `|`.
func psql(_ url: String, _ sql: String, role: String? = nil) async throws -> [String] {
    var settings = PostgresSettings(url: url)
    settings.onConnect = role.map { "SET ROLE \($0)" }
    return try await PostgresConnection(settings).use { session in
        try session.query(
            "SELECT array_to_string(ARRAY(SELECT value FROM json_each_text(to_json(q))), '|', '~') FROM (\(sql)) q"
        ).map { $0.text(0) }
    }
}

extension JobSubmission {
    static func sample(
        key: String? = nil, monitor: String = "cities", brands: [String] = ["Aurora", "Borealis"], lane: Lane = .bulk,
        payloads: [String: [UInt8]] = [:]
    ) -> Self {
        JobSubmission(
            key: key, monitor: monitor, monitorYAML: "name: \(monitor)\n", monitorVersion: "v1", modelVersion: "m1",
            brands: brands.map { ($0, $0) }, lane: lane,
            sources: [
                SourceDescription(place: .file(path: "/data/a.jsonl"), format: .jsonLines, compression: .none),
                SourceDescription(
                    place: .payload(name: "stdin"), format: .csv, compression: .zstd, columns: ["id", "text, \"x\""]),
            ], payloads: payloads)
    }
}

extension TrendStore {
    /// Submits a job of `count` equal shards and marks all as sent.
    func submitted(_ count: Int, _ submission: JobSubmission = .sample()) async throws -> JobID {
        let slices = (0..<count).map { ShardSlice(source: $0 % 2, offset: Int64($0) * 100, length: 100) }
        let job = try await submit(submission, shards: slices).job
        try await advance(job, to: count)
        return job
    }
}

func shard(_ job: JobID, _ index: Int) -> ShardID { ShardID(job: job, index: UInt32(index)) }

/// 2024-03-04, a Monday, 00:00 UTC.
let monday: Int64 = 1_709_510_400
let day: Int64 = 86_400
let hour: Int64 = 3600

extension Partial {
    /// Adds what `count` posts of distinct authors at one moment would leave at every grain.
    mutating func add(
        _ count: Int, at second: Int64, brand: UInt16 = 0, platform: Platform = .x, language: String = "en",
        negative: Int = 0, positive: Int = 0, reposts: Int = 0, authors: Range<Int>? = nil
    ) {
        var measures = Measures()
        measures.posts = Int64(count)
        measures.reposts = Int64(reposts)
        measures.negative = Int64(negative)
        measures.positive = Int64(positive)
        measures.neutral = Int64(count - negative - positive)
        measures.negativeSum = Int64(negative) * 1_000_000
        measures.positiveSum = Int64(positive) * 1_000_000
        measures.neutralSum = measures.neutral * 1_000_000
        measures.engagement = Int64(count) * 3
        measures.reach = Int64(count) * 100
        measures.reachKnown = Int64(count)
        for author in authors ?? 0..<count { measures.authors.insert(hash: MurmurHash3.hash64("author \(author)")) }
        for grain in Grain.allCases {
            let key = RollupKey(
                grain: grain, start: grain.start(of: Timestamp(seconds: second)), brand: brand, platform: platform,
                language: language)
            var one = Partial()
            one.rollups[key] = measures
            merge(one)
        }
        totals.records += Int64(count)
        totals.posts += Int64(count)
    }

    mutating func add(
        term: String, _ count: Int64, at second: Int64, brand: UInt16 = 0, kind: TermKind = .hashtag
    ) {
        let start = Grain.hour.start(of: Timestamp(seconds: second))
        terms[
            TermKey(start: start, brand: brand, platform: .x, language: "en", kind: kind, term: term), default: 0] +=
            count
    }

    mutating func add(example id: Int, at second: Int64, text: String = "a fine day", url: String? = nil) {
        var one = Partial()
        let key = ExampleKey(
            start: Grain.day.start(of: Timestamp(seconds: second)), brand: 0, platform: .x, language: "en")
        var example = Example(
            hash: MurmurHash3.hash64("\(id)"), id: "\(id)", createdAt: Timestamp(seconds: second), author: "ann",
            text: text, url: url, sentiment: id % 2 == 0 ? nil : Sentiment(negative: 0.25, positive: 0.5))
        if id % 2 == 1 {
            let words = [ReasonWord(word: "fine", weight: 1250), ReasonWord(word: "\"day\"", weight: -75)]
            example.reasons = words.compactMap(\.self)
        }
        one.examples[key] = [example]
        merge(one)
    }
}

/// A shard's result with rows that overlap those of its neighbours.
func randomPartial(_ random: inout Seeded, rows: Int = 30) -> Partial {
    var partial = Partial()
    for _ in 0..<rows {
        let second = monday + Int64.random(in: 0..<40 * day, using: &random)
        let authors = Int.random(in: 0..<500, using: &random)
        partial.add(
            Int.random(in: 1..<20, using: &random), at: second, brand: UInt16.random(in: 0..<2, using: &random),
            platform: [.x, .bluesky].randomElement(using: &random) ?? .x,
            language: ["en", "de", ""].randomElement(using: &random) ?? "", authors: authors..<authors + 5)
        partial.add(
            term: "tag\(Int.random(in: 0..<20, using: &random))", Int64.random(in: 1..<5, using: &random), at: second)
        partial.add(
            example: Int.random(in: 0..<5000, using: &random),
            at: monday + Int64.random(in: 0..<2, using: &random) * day)
    }
    partial.quarantine = [QuarantinedRecord(offset: Int64(rows), reason: "no id", excerpt: [0xFF, 0x00, 0x7B])]
    partial.totals.quarantined = 1
    return partial
}
