internal import Anomalies
internal import Domain
internal import Foundation

/// How anomalies go to `gw.settle_watch`.
enum AnomalyJSON {
    private struct Row: Encodable {
        let anomaly: Int64?
        let platform: Int16
        let metric: Int16
        let started_at: Int64
        let ended_at: Int64
        let kind: String
        let stage: String
        let peak_at: Int64
        let peak_value: Double
        let value: Double
        let expected: Double
        let return_days: Double
        let budget_days: Double
        let told_severity: Double
        let posts: Int64
        let drivers: [AlertDriver]
        let examples: [AlertExample]
        let detector: String
        let revision: Int

        init(_ record: AnomalyRecord) {
            anomaly = record.id
            platform = record.key.platform.map { Int16($0.rawValue) } ?? -1
            metric = Int16(record.key.metric.rawValue)
            started_at = record.start
            ended_at = record.end
            kind = record.kind.rawValue
            stage = record.stage.rawValue
            peak_at = record.peak
            peak_value = record.peakValue
            value = record.value
            expected = record.expected
            return_days = record.returnDays
            budget_days = record.budgetDays
            told_severity = record.toldSeverity
            posts = record.posts
            drivers = record.drivers
            examples = record.examples
            detector = record.detector
            revision = record.revision
        }
    }

    static func text(of records: [AnomalyRecord]) throws -> String {
        String(decoding: try JSONEncoder().encode(records.map(Row.init)), as: UTF8.self)
    }

    /// Empty for what another version wrote.
    static func list<Element: Decodable>(_ text: String) -> [Element] {
        (try? JSONDecoder().decode([Element].self, from: Data(text.utf8))) ?? []
    }
}
