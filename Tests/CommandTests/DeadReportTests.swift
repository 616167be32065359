import Domain
import Foundation
import Testing

@testable import Store
@testable import groundswell

struct DeadReportTests {
    private static func report(source: String, offset: Int64 = 0) -> DeadReport {
        DeadReport(
            dead: DeadShard(
                shard: ShardID(job: JobID(rawValue: 7), index: 12), source: source, offset: offset, length: 5,
                deaths: 1,
                errors: 2, reason: "no such file"))
    }

    @Test func aRowNamesShardPlaceAndReason() {
        let row = Self.report(source: "/data/a.jsonl").row
        #expect(row.count == DeadReport.columns.count)
        #expect(row.map(\.plain) == ["7", "12", "/data/a.jsonl", "0", "5", "1", "2", "no such file"])
    }

    @Test func theFirstBytesAreShownWhereTheyCanBeRead() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("dead-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("first\nsecond\u{1B}[2J".utf8).write(to: URL(fileURLWithPath: path))
        // No control characters: what strangers wrote must not steer the terminal.
        #expect(Self.report(source: path, offset: 6).firstBytes == "second[2J")
        #expect(Self.report(source: "/nowhere").firstBytes == nil)
        try Data([0x1F, 0x8B, 8, 0]).write(to: URL(fileURLWithPath: path))
        #expect(Self.report(source: path).firstBytes == nil)
    }
}
