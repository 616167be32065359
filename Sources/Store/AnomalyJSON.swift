internal import Anomalies
internal import Domain
internal import Foundation

/// How anomalies go to `gw.settle_watch`.
enum AnomalyJSON {
    private struct Row: Encodable {
        let anomaly: Int64?
        let platform: Int16
        let metric: Int16
        let startedAt: Int64
        let endedAt: Int64
        let kind: String
        let stage: String
        let peakAt: Int64
        let peakValue: Double
        let value: Double
        let expected: Double
        let returnDays: Double
        let budgetDays: Double
        let newsAt: Int64
        let posts: Int64
        let drivers: [AlertDriver]
        let examples: [AlertExample]
        let detector: String
        let revision: Int

        init(_ record: AnomalyRecord) {
            anomaly = record.id
            platform = record.key.platform.map { Int16($0.rawValue) } ?? -1
            metric = Int16(record.key.metric.rawValue)
            startedAt = record.start
            endedAt = record.end
            kind = record.kind.rawValue
            stage = record.stage.rawValue
            peakAt = record.peak
            peakValue = record.peakValue
            value = record.value
            expected = record.expected
            returnDays = record.returnDays
            budgetDays = record.budgetDays
            newsAt = record.news
            posts = record.posts
            drivers = record.drivers
            examples = record.examples
            detector = record.detector
            revision = record.revision
        }
    }

    static func text(of records: [AnomalyRecord]) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(records.map(Row.init)), as: UTF8.self)
    }

    /// Empty for what another version wrote.
    static func list<Element: Decodable>(_ text: String) -> [Element] {
        (try? JSONDecoder().decode([Element].self, from: Data(text.utf8))) ?? []
    }
}
