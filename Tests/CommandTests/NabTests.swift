import Anomalies
import ArgumentParser
import Foundation
import Harness
import Testing

@testable import groundswell

struct NabTests {
    private static let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Models/anomaly").path(percentEncoded: false)

    @Test func seriesAreFoundByCategoryWhateverTheirLinesEndIn() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "nab-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let category = folder.appending(path: "data/realTweets")
        try FileManager.default.createDirectory(at: category, withIntermediateDirectories: true)
        let text = "timestamp,value\r\n2015-02-28 23:55:00,3\r\n2015-03-01 00:00:00,4.5\r\n2015-03-01 00:05:00,0\r\n"
        try text.write(to: category.appending(path: "one.csv"), atomically: true, encoding: .utf8)
        let series = try #require(NabFolder(path: folder.path(percentEncoded: false)).series().first)
        #expect(series.key == "realTweets/one.csv" && series.category == "realTweets" && series.grain == 300)
        #expect(series.rows.map(\.second) == [1_425_167_700, 1_425_168_000, 1_425_168_300])
        #expect(series.rows[1].value == "4.5" && series.rows[1].timestamp == "2015-03-01 00:00:00")
    }

    @Test func aBurstIsNewsOnceAndTheResultFileKeepsEveryRow() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "nab-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var random = Seeded(state: 4)
        let rows = (0..<2000).map { window in
            let value = Int.random(in: 8...14, using: &random) * (window == 1700 ? 20 : 1)
            return NabFolder.Row(
                timestamp: "\(window)", second: Int64(window) * 300, value: "\(value)", number: Float(value))
        }
        let series = NabFolder.Series(key: "realTweets/burst.csv", rows: rows)
        let scores = NabScores(series, try AnomalyModel(folder: Self.models).forecaster)
        #expect(scores.scores.max() == scores.scores[1700])
        #expect(scores.scores[1701..<1800].allSatisfy { $0 == 0 })
        try scores.write(series, below: folder.path(percentEncoded: false))
        let written = try String(contentsOf: folder.appending(path: "realTweets/burst.csv"), encoding: .utf8)
        #expect(written.split(separator: "\n").count == rows.count + 1)
        #expect(written.hasPrefix("timestamp,value,anomaly_score\n0,"))
    }

    @Test func theSeriesCommandOfTrainLeavesTheOtherOptionsAlone() throws {
        #expect(try Groundswell.parseAsRoot(["train", "series", "--out", "x"]) is TrainSeriesCommand)
        #expect(
            try Groundswell.parseAsRoot(["train", "--train", "a", "--validation", "b", "--out", "c"])
                is TrainFastCommand)
        #expect(try Groundswell.parseAsRoot(["train", "--from-labels"]) is TrainFastCommand)
        #expect(throws: (any Error).self) { try Groundswell.parseAsRoot(["evaluate", "nab", "x", "--budget", "many"]) }
    }
}
