package import Anomalies
package import Domain
internal import Postgres

/// Which anomalies are wanted; `nil` for any.
package struct AnomalyFilter: Equatable, Sendable {
    package var id: Int64?
    package var monitor: String?
    package var brand: String?
    package var metric: SeriesMetric?
    package var kind: AlertMessage.Kind?
    /// Those that were not over then.
    package var since: Timestamp?
    /// Those that had begun by then.
    package var until: Timestamp?
    /// Only those that go on.
    package var isOpen = false
    package var limit: Int?

    package init() {}
}

/// An anomaly as `trends.anomalies` shows it.
package struct StoredAnomaly: Equatable, Sendable {
    package var id: Int64
    package var monitor: String
    package var brand: String
    /// The length of its windows.
    package var seconds: Int64
    package var record: AnomalyRecord
    package var foundAt: Timestamp
    package var updatedAt: Timestamp
}

/// What analysts ask: the views alone, so that their role is enough.
extension TrendStore {
    /// The newest first.
    package func anomalies(_ filter: AnomalyFilter = AnomalyFilter()) async throws -> [StoredAnomaly] {
        try await connection.use { session in
            try session.query(
                """
                SELECT anomaly, monitor, brand, window_seconds, platform, metric, started_at, ended_at, kind, stage, peak_at,
                    peak_value, value, expected, return_days, budget_days, posts, drivers::text, examples::text, detector,
                    revision, found_at, updated_at
                FROM trends.anomalies
                WHERE ($1::bigint IS NULL OR anomaly = $1) AND ($2::text IS NULL OR monitor = $2)
                    AND ($3::text IS NULL OR brand = $3) AND ($4::text IS NULL OR metric = $4)
                    AND ($5::text IS NULL OR kind = $5) AND ($6::timestamptz IS NULL OR ended_at > $6)
                    AND ($7::timestamptz IS NULL OR started_at < $7) AND (NOT $8 OR stage NOT IN ('closed', 'withdrawn'))
                ORDER BY started_at DESC, anomaly DESC LIMIT $9
                """, .int8(filter.id), .text(filter.monitor), .text(filter.brand), .text(filter.metric?.name),
                .text(filter.kind?.rawValue), .optionalTimestamp(filter.since), .optionalTimestamp(filter.until),
                .bool(filter.isOpen), .int8(filter.limit.map(Int64.init))
            ).compactMap(StoredAnomaly.init(row:))
        }
    }

    /// What was counted of a brand, in windows of `seconds` that have posts, in order.
    ///
    /// - Parameter platform: `nil` for all together.
    package func windows(
        monitor: String, brand: String, platform: Platform? = nil, seconds: Int64, since: Timestamp? = nil,
        until: Timestamp? = nil
    ) async throws -> [(start: Int64, totals: WindowTotals)] {
        try await connection.use { session in
            try session.query(
                """
                SELECT window_start, posts, authors, negative, neutral, positive, engagement, reach
                FROM trends.windows($1, $2, $3, $4, $5, $6) ORDER BY window_start
                """, .text(monitor), .text(brand), .text(platform?.name), .int4(Int32(clamping: seconds)),
                .optionalTimestamp(since), .optionalTimestamp(until)
            ).map { ($0.seconds(0), WindowTotals(row: $0)) }
        }
    }
}

extension PostgresParameter {
    fileprivate static func optionalTimestamp(_ time: Timestamp?) -> Self {
        .timestamp(microseconds: time.map { $0.milliseconds * 1000 })
    }
}

extension StoredAnomaly {
    /// `nil` for what a later version wrote.
    fileprivate init?(row: PostgresRow) {
        guard let metric = SeriesMetric(name: row.text(5)), let kind = AlertMessage.Kind(rawValue: row.text(8)),
            let stage = AlertMessage.Stage(rawValue: row.text(9))
        else { return nil }
        let platform = row.optionalText(4).flatMap { Platform(name: $0) }
        var record = AnomalyRecord(
            key: SeriesKey(platform: platform, metric: metric), start: row.seconds(6), end: row.seconds(7),
            stage: stage, peak: row.seconds(10), peakValue: row.double(11), news: row.seconds(10),
            value: row.double(12),
            expected: row.double(13), returnDays: row.double(14), budgetDays: row.double(15), detector: row.text(19))
        record.id = row.int(0)
        record.kind = kind
        record.posts = row.int(16)
        record.drivers = AnomalyJSON.list(row.text(17))
        record.examples = AnomalyJSON.list(row.text(18))
        record.revision = Int(row.int(20))
        self.init(
            id: row.int(0), monitor: row.text(1), brand: row.text(2), seconds: row.int(3), record: record,
            foundAt: Timestamp(microseconds: row.microseconds(21)),
            updatedAt: Timestamp(microseconds: row.microseconds(22)))
    }
}
