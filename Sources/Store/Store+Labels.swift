package import Domain
internal import Postgres

extension TrendStore {
    /// Writes labels; a text that has one gets the new one, and keeps its weight unless a new one is given.
    package func put(_ labels: [Label]) async throws {
        try await connection.use { session in
            try session.transaction {
                for label in labels {
                    try session.query(
                        """
                        INSERT INTO gw.label AS l (brand, body, label, annotator, posted_at, sample_weight)
                        VALUES ($1, $2, $3, $4, $5, $6)
                        ON CONFLICT (brand, md5(body)) DO UPDATE SET label = excluded.label,
                            annotator = excluded.annotator, posted_at = coalesce(excluded.posted_at, l.posted_at),
                            sample_weight = coalesce(excluded.sample_weight, l.sample_weight), labelled_at = now()
                        """, .text(label.brand), .text(label.text), .int2(Int16(label.label.rawValue)),
                        .text(label.annotator), .timestamp(microseconds: label.postedAt.map { $0.milliseconds * 1000 }),
                        .double(label.sampleWeight))
                }
            }
        }
    }

    /// Takes back the label of a text.
    package func removeLabel(of text: String, brand: String) async throws {
        try await connection.use { session in
            _ = try session.query(
                "DELETE FROM gw.label WHERE brand = $1 AND md5(body) = md5($2)", .text(brand), .text(text))
        }
    }

    /// The labels of one brand, or of all, in the order they were first given.
    package func labels(of brand: String? = nil) async throws -> [Label] {
        try await connection.use { session in
            try session.query(
                """
                SELECT brand, body, label, annotator, posted_at, sample_weight FROM gw.label
                WHERE $1 IS NULL OR brand = $1 ORDER BY label_id
                """, .text(brand)
            ).map { row in
                Label(
                    brand: row.text(0), text: row.text(1),
                    label: SentimentLabel(rawValue: UInt8(row.int(2))) ?? .neutral,
                    annotator: row.text(3), postedAt: row.optionalMicroseconds(4).map { Timestamp(microseconds: $0) },
                    sampleWeight: row.optionalDouble(5))
            }
        }
    }

    /// Marks a brand's sampled labels as chosen: a head has learned from them, so they can measure no more.
    ///
    /// - Returns: how many there were.
    package func spendSample(of brand: String) async throws -> Int {
        try await connection.use { session in
            try session.query(
                "UPDATE gw.label SET sample_weight = NULL WHERE brand = $1 AND sample_weight IS NOT NULL", .text(brand)
            ).affected
        }
    }

    /// A brand's example posts that were scored, each text once.
    package func examplePosts(of brand: String, monitor: String? = nil) async throws -> [ExamplePost] {
        try await connection.use { session in
            try session.query(
                """
                SELECT text, min(posted), min(language), sum(stands_for) FROM (
                    SELECT e.text, e.created_at AS posted, e.language,
                        d.scored::float8 / count(*) OVER (PARTITION BY e.monitor, e.platform, e.language, e.day) AS stands_for
                    FROM trends.examples e JOIN trends.by_day d USING (monitor, brand, platform, language, day)
                    WHERE e.brand = $1 AND ($2 IS NULL OR e.monitor = $2) AND e.label IS NOT NULL) posts
                GROUP BY text ORDER BY min(posted), text
                """, .text(brand), .text(monitor)
            ).map { row in
                ExamplePost(
                    text: row.text(0), postedAt: Timestamp(microseconds: row.microseconds(1)), language: row.text(2),
                    standsFor: row.double(3))
            }
        }
    }

    /// How the jobs that counted a brand judge posts, the newest first.
    package func readings(of brand: String, monitor: String? = nil) async throws -> [JobReading] {
        try await connection.use { session in
            try session.query(
                """
                SELECT (array_agg(j.monitor_yaml ORDER BY j.job_id DESC))[1], j.monitor_version, j.model_version
                FROM gw.job j JOIN gw.brand b USING (job_id)
                WHERE b.name = $1 AND ($2 IS NULL OR j.monitor = $2) AND j.model_version <> ''
                GROUP BY j.monitor_version, j.model_version ORDER BY max(j.job_id) DESC
                """, .text(brand), .text(monitor)
            ).map { row in
                JobReading(monitorYAML: row.text(0), monitorVersion: row.text(1), modelVersion: row.text(2))
            }
        }
    }

    /// The labelled texts of a brand that a job's models have not judged yet.
    package func unanswered(of brand: String, by reading: JobReading) async throws -> [(label: LabelID, text: String)] {
        try await connection.use { session in
            try session.query(
                """
                SELECT l.label_id, l.body FROM gw.label l WHERE l.brand = $1 AND NOT EXISTS (
                    SELECT FROM gw.answer a WHERE a.label_id = l.label_id AND a.monitor_version = $2
                        AND a.model_version = $3) ORDER BY l.label_id
                """, .text(brand), .text(reading.monitorVersion), .text(reading.modelVersion)
            ).map { (LabelID(rawValue: $0.int(0)), $0.text(1)) }
        }
    }

    /// Keeps what a job's models say of labelled texts.
    package func put(_ answers: [LabelAnswer], by reading: JobReading) async throws {
        let choices = answers.map { $0.isUnsure ? 3 : Int16($0.sentiment.label.rawValue) }
        try await connection.use { session in
            _ = try session.query(
                """
                INSERT INTO gw.answer (label_id, monitor_version, model_version, choice, negative, neutral, positive)
                SELECT u.label_id, $1, $2, u.choice, u.negative, u.neutral, u.positive
                FROM unnest($3, $4, $5, $6, $7) u(label_id, choice, negative, neutral, positive)
                JOIN gw.label USING (label_id) ON CONFLICT DO NOTHING
                """, .text(reading.monitorVersion), .text(reading.modelVersion), .int8s(answers.map(\.label.rawValue)),
                .int2s(choices), .int4s(answers.map { Int32($0.sentiment.negative) }),
                .int4s(answers.map { Int32($0.sentiment.neutral) }),
                .int4s(answers.map { Int32($0.sentiment.positive) }))
        }
    }

    /// Shares of the days in `[from, until)`, corrected by the labels drawn at random.
    package func correctedShares(
        brands: [String] = [], monitor: String? = nil, from: Timestamp? = nil, until: Timestamp? = nil
    ) async throws -> [CorrectedShareRow] {
        try await connection.use { session in
            try session.query(
                """
                SELECT monitor, brand, model_version, class, scored, labels, raw_share, share, low, high
                FROM gw.corrected(NULL, $3, $4)
                WHERE ($1 = '{}' OR brand = ANY($1)) AND ($2 IS NULL OR monitor = $2) ORDER BY 1, 2, 3, 4
                """, .texts(brands), .text(monitor), .timestamp(microseconds: from.map { $0.milliseconds * 1000 }),
                .timestamp(microseconds: until.map { $0.milliseconds * 1000 })
            ).map { row in
                CorrectedShareRow(
                    monitor: row.text(0), brand: row.text(1), modelVersion: row.text(2),
                    label: SentimentLabel(rawValue: UInt8(row.int(3))) ?? .neutral, scored: row.int(4),
                    labels: row.int(5), rawShare: row.double(6), share: row.double(7), low: row.double(8),
                    high: row.double(9))
            }
        }
    }
}
