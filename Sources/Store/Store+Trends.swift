package import Domain
internal import Postgres

/// What to read of the trends.
package struct TrendQuery: Equatable, Sendable {
    package enum Grouping: String, CaseIterable, Sendable {
        case none
        case platform
        case language
    }

    package var monitor: String?
    /// All brands when empty.
    package var brands: [String] = []
    package var grain: Grain = .day
    /// Windows that start in `[from, until)`.
    package var from: Timestamp?
    package var until: Timestamp?
    package var grouping: Grouping = .none
    /// Rows at most, so that a year of minutes is not printed by accident.
    package var limit = 10_000

    package init() {}
}

/// One row of trends: a brand in a window, and a platform or language if asked for.
package struct TrendRow: Equatable, Sendable {
    package var monitor: String
    package var brand: String
    /// Start of the window.
    package var start: Timestamp
    /// The platform or language; `nil` when rows are not grouped by it.
    package var group: String?
    package var posts: Int64
    package var originals: Int64
    package var reposts: Int64
    package var replies: Int64
    package var scored: Int64
    package var negative: Int64
    package var neutral: Int64
    package var positive: Int64
    package var unsure: Int64
    /// From -1 to 1; `nil` when nothing was scored.
    package var netSentiment: Double?
    package var engagement: Int64
    package var reach: Int64
    package var distinctAuthors: Int64

    package init(
        monitor: String, brand: String, start: Timestamp, group: String?, posts: Int64, originals: Int64,
        reposts: Int64, replies: Int64, scored: Int64, negative: Int64, neutral: Int64, positive: Int64,
        unsure: Int64, netSentiment: Double?, engagement: Int64, reach: Int64, distinctAuthors: Int64
    ) {
        self.monitor = monitor
        self.brand = brand
        self.start = start
        self.group = group
        self.posts = posts
        self.originals = originals
        self.reposts = reposts
        self.replies = replies
        self.scored = scored
        self.negative = negative
        self.neutral = neutral
        self.positive = positive
        self.unsure = unsure
        self.netSentiment = netSentiment
        self.engagement = engagement
        self.reach = reach
        self.distinctAuthors = distinctAuthors
    }
}

extension TrendStore {
    /// Trends by brand and window, oldest first.
    ///
    /// Reads the public views only, so the reader role suffices.
    package func trendRows(_ query: TrendQuery) async throws -> [TrendRow] {
        let group = query.grouping == .none ? "NULL::text" : query.grouping.rawValue
        let (view, time) = Self.viewAndTime(query.grain)
        return try await connection.use { session in
            try session.query(
                """
                SELECT monitor, brand, \(time) AS start, \(group) AS part, sum(posts)::bigint, sum(originals)::bigint,
                    sum(reposts)::bigint, sum(replies)::bigint, sum(scored)::bigint, sum(negative)::bigint,
                    sum(neutral)::bigint, sum(positive)::bigint, sum(unsure)::bigint,
                    (sum(positive_mass - negative_mass) / nullif(sum(scored), 0))::float8, sum(engagement)::bigint,
                    sum(reach)::bigint, round(hll_cardinality(hll_union_agg(authors)))::bigint
                FROM trends.\(view)
                WHERE ($1 IS NULL OR monitor = $1) AND ($2 = '{}' OR brand = ANY($2))
                    AND ($3 IS NULL OR \(time) >= $3) AND ($4 IS NULL OR \(time) < $4)
                GROUP BY monitor, brand, start, part ORDER BY monitor, start, brand, part LIMIT $5
                """,
                .text(query.monitor), .texts(query.brands),
                .timestamp(microseconds: query.from.map { $0.milliseconds * 1000 }),
                .timestamp(microseconds: query.until.map { $0.milliseconds * 1000 }), .int8(Int64(query.limit))
            ).map(Self.trendRow)
        }
    }

    private static func viewAndTime(_ grain: Grain) -> (view: String, time: String) {
        switch grain {
        case .minute: ("by_minute", "minute")
        case .hour: ("by_hour", "hour")
        case .day: ("by_day", "(day::timestamp AT TIME ZONE 'UTC')")
        }
    }

    private static func trendRow(_ row: PostgresRow) -> TrendRow {
        TrendRow(
            monitor: row.text(0), brand: row.text(1), start: Timestamp(microseconds: row.microseconds(2)),
            group: row.optionalText(3), posts: row.int(4), originals: row.int(5), reposts: row.int(6),
            replies: row.int(7), scored: row.int(8), negative: row.int(9), neutral: row.int(10), positive: row.int(11),
            unsure: row.int(12), netSentiment: row.optionalDouble(13), engagement: row.int(14), reach: row.int(15),
            distinctAuthors: row.int(16))
    }
}
