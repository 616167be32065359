import Domain
import Monitors
import Testing
import Trends

@testable import Worker

struct ShardPipelineTests {
    private static func line(
        _ id: String, text: String = "I like quenzo", language: String? = "en", operation: String = "upsert"
    ) -> String {
        let lang = language.map { #""lang":"\#($0)","# } ?? ""
        return #"{"v":1,"platform":"x","id":"\#(id)","op":"\#(operation)","kind":"post","#
            + #""created_at":"2026-11-01T10:00:00Z",\#(lang)"author":{"id":"a-\#(id)"},"text":"\#(text)"}"# + "\n"
    }

    private static func run(_ lines: [String], languages: String = "[]", cancelled: Bool = false) throws -> [Partial] {
        let monitor = try Monitor(
            yaml: """
                name: test
                model: none
                windows: [day]
                \(languages == "[]" ? "" : "languages: \(languages)")
                brands:
                  - {name: quenzo, query: quenzo}
                  - {name: like, query: like}
                """, fileName: "test.yaml")
        let context = JobContext(
            job: JobID(rawValue: 1), monitor: monitor, reader: nil, submitted: Timestamp(seconds: 1_800_000_000))
        let source = SourceDescription(place: .payload(name: "test"), format: .jsonLines, compression: .none)
        let shard = ShardDescription(
            id: ShardID(job: JobID(rawValue: 1), index: 0), source: source, offset: 0, length: 0)
        var pipeline = ShardPipeline(context: context)
        var parts: [Partial] = []
        try pipeline.run(
            shard, payload: Array(lines.joined().utf8), isCancelled: { cancelled }, emit: { parts.append($0) })
        return parts
    }

    @Test func everyRecordIsInExactlyOneCount() throws {
        let lines = [
            Self.line("1"), Self.line("1"), Self.line("2", text: "nothing here"), "not json\n",
            Self.line("3", language: "fr"), Self.line("4", language: nil), Self.line("5", operation: "delete"),
        ]
        let totals = try #require(try Self.run(lines, languages: "[en]").first).totals
        #expect(totals.records == 7)
        #expect(totals.duplicates == 1)
        #expect(totals.quarantined == 1)
        #expect(totals.filtered == 1)
        #expect(totals.deletions == 1)
        #expect(totals.posts == 3)
        #expect(
            totals.records
                == totals.posts + totals.duplicates + totals.quarantined + totals.filtered + totals.deletions)
        #expect(totals.matched == 2)
        #expect(totals.mentions == 4)
        #expect(totals.bytes == Int64(lines.reduce(0) { $0 + $1.utf8.count }))
    }

    @Test func theSameIdOnAnotherPlatformIsAnotherPost() throws {
        let other = Self.line("1").replacing(#""platform":"x""#, with: #""platform":"bluesky""#)
        #expect(try Self.run([Self.line("1"), other]).first?.totals.duplicates == 0)
    }

    @Test func anEmptyShardStillGivesAPartialToMerge() throws {
        let parts = try Self.run([])
        #expect(parts.count == 1)
        #expect(parts.first?.totals == ShardTotals())
    }

    @Test func aCancelledRunEndsWithoutAResult() {
        #expect(throws: CancellationError.self) { try Self.run([Self.line("1")], cancelled: true) }
    }
}
