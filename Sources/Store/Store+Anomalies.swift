package import Anomalies
package import Domain
internal import Foundation
internal import Postgres

/// Which anomalies to read.
package struct AnomalyQuery: Equatable, Sendable {
    /// Only this one.
    package var number: Int64?
    package var monitor: String?
    package var brand: String?
    package var metric: SeriesMetric?
    package var kind: AlertMessage.Kind?
    /// Those that touch `[since, until)`.
    package var since: Timestamp?
    package var until: Timestamp?
    /// Only those that are not over.
    package var isOpen = false
    package var limit = 100

    package init() {}
}

/// A brand of a monitor, as trends know it.
package struct KnownBrand: Hashable, Sendable {
    package var monitor: String
    package var brand: String

    package init(monitor: String, brand: String) {
        self.monitor = monitor
        self.brand = brand
    }
}

/// One window of a brand: what was counted in it.
package struct CountedWindow: Equatable, Sendable {
    /// Seconds since 1970.
    package var start: Int64
    package var totals: WindowTotals

    package init(start: Int64, totals: WindowTotals) {
        self.start = start
        self.totals = totals
    }
}

/// Reads the public views only, so the reader role suffices.
extension TrendStore {
    /// Anomalies, the newest first.
    package func anomalies(_ query: AnomalyQuery) async throws -> [AlertMessage] {
        try await connection.use { session in
            try session.query(
                """
                SELECT anomaly, monitor, brand, platform, metric, window_seconds, kind, stage, started_at, ended_at, peak_at,
                    peak_value, value, expected, excess, return_days, severity, budget_days, posts, drivers::text,
                    examples::text, detector, revision, found_at, updated_at
                FROM trends.anomalies
                WHERE ($1 IS NULL OR anomaly = $1) AND ($2 IS NULL OR monitor = $2) AND ($3 IS NULL OR brand = $3)
                    AND ($4 IS NULL OR metric = $4) AND ($5 IS NULL OR kind = $5)
                    AND ($6 IS NULL OR ended_at IS NULL OR ended_at > $6) AND ($7 IS NULL OR started_at < $7)
                    AND (NOT $8 OR stage IN ('open', 'growing', 'peaked'))
                ORDER BY started_at DESC, anomaly DESC LIMIT $9
                """,
                .int8(query.number), .text(query.monitor), .text(query.brand), .text(query.metric?.name),
                .text(query.kind?.rawValue), .timestamp(microseconds: query.since.map { $0.milliseconds * 1000 }),
                .timestamp(microseconds: query.until.map { $0.milliseconds * 1000 }), .bool(query.isOpen),
                .int8(Int64(query.limit))
            ).map(Self.message)
        }
    }

    /// The windows of a brand in which something was counted, in order.
    ///
    /// - Parameters:
    ///   - platform: all together when `nil`.
    ///   - seconds: length of a window.
    package func windows(
        monitor: String, brand: String, platform: String? = nil, seconds: Int64, since: Timestamp? = nil,
        until: Timestamp? = nil
    ) async throws -> [CountedWindow] {
        try await connection.use { session in
            try session.query(
                """
                SELECT window_start, posts, authors, negative, neutral, positive, engagement, reach
                FROM trends.windows($1, $2, $3, $4, $5, $6) ORDER BY window_start
                """, .text(monitor), .text(brand), .text(platform), .int4(Int32(clamping: seconds)),
                .timestamp(microseconds: since.map { $0.milliseconds * 1000 }),
                .timestamp(microseconds: until.map { $0.milliseconds * 1000 })
            ).map { row in
                CountedWindow(
                    start: Timestamp(microseconds: row.microseconds(0)).seconds,
                    totals: WindowTotals(
                        posts: row.int(1), authors: row.int(2), negative: row.int(3), neutral: row.int(4),
                        positive: row.int(5), engagement: row.int(6), reach: row.int(7)))
            }
        }
    }

    /// The brands that something was counted of.
    package func knownBrands() async throws -> [KnownBrand] {
        try await connection.use { session in
            try session.query("SELECT DISTINCT monitor, brand FROM trends.by_day ORDER BY monitor, brand").map {
                KnownBrand(monitor: $0.text(0), brand: $0.text(1))
            }
        }
    }

    private static func message(_ row: PostgresRow) -> AlertMessage {
        func moment(_ column: Int) -> Timestamp { Timestamp(microseconds: row.microseconds(column)) }
        let stage = AlertMessage.Stage(rawValue: row.text(7)) ?? .closed
        return AlertMessage(
            event: stage.event, anomaly: row.int(0), monitor: row.text(1), brand: row.text(2),
            platform: row.optionalText(3), metric: row.text(4), windowSeconds: Int(row.int(5)),
            kind: AlertMessage.Kind(rawValue: row.text(6)) ?? .spike, stage: stage, startedAt: moment(8),
            endedAt: row.optionalMicroseconds(9).map { Timestamp(microseconds: $0) }, peakAt: moment(10),
            peakValue: row.double(11), value: row.double(12), expected: row.double(13), excess: row.double(14),
            returnDays: row.double(15), severity: row.double(16), budgetDays: row.double(17), posts: row.int(18),
            drivers: list(row.text(19)), examples: list(row.text(20)), detector: row.text(21),
            revision: Int(row.int(22)), foundAt: moment(23), updatedAt: moment(24))
    }

    /// Empty for what another version wrote.
    private static func list<Element: Decodable>(_ json: String) -> [Element] {
        (try? JSONDecoder().decode([Element].self, from: Data(json.utf8))) ?? []
    }
}

extension AlertMessage.Stage {
    /// The event that leads there.
    fileprivate var event: AlertMessage.Event {
        switch self {
        case .open: .opened
        case .growing: .growing
        case .peaked: .peaked
        case .closed: .closed
        case .withdrawn: .withdrawn
        }
    }
}
