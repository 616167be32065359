internal import Domain
internal import Postgres
internal import Sketches
internal import Trends

/// The statements of a merge: each takes columns as arrays, so that thousands of rows cost one round trip and one plan.
///
/// Upserts take arrays apart in the select list: `FROM unnest(…)` stores all rows once more before it hands on the first,
/// which cost a third of the statement.
extension TrendStore {
    private static let rollupTails = (plain: rollupTail(hasReadings: false), full: rollupTail(hasReadings: true))

    private static func rollupTail(hasReadings: Bool) -> String {
        let names = MeasureColumns.names(hasReadings: hasReadings)
        let columns = names.joined(separator: ", ")
        let sums = names.map { "\($0) = \(sum($0))" }.joined(separator: ", ")
        let last = 7 + names.count
        let parameters = (3...last).map { "unnest($\($0))" }.joined(separator: ", ")
        return """
             AS t (grain, slot, job_id, brand, window_start, platform, language, \(columns), authors)
            SELECT $1, $2, \(parameters), unnest($\(last + 1))::hll
            ON CONFLICT (job_id, brand, window_start, platform, language, grain, slot) DO UPDATE SET \(sums),
                authors = hll_union(t.authors, excluded.authors)
            """
    }

    /// Sums of what foreign records claim stop at the largest number, as `Measures.merge` does: an error would fail the
    /// batch again and again.
    private static func sum(_ column: String) -> String {
        guard column == "engagement" || column == "reach" else { return "t.\(column) + excluded.\(column)" }
        return """
            CASE WHEN t.\(column) > \(Int64.max) - excluded.\(column) THEN \(Int64.max)
                ELSE t.\(column) + excluded.\(column) END
            """
    }

    static func upsert(
        _ rows: ArraySlice<MergeBatch.RollupRow>, _ measures: [Measures], slot: Int16, _ session: PostgresSession
    ) throws {
        guard let first = rows.first else { return }
        let indices = rows.map { $0.measures }
        let columns = MeasureColumns(measures, indices)
        let parameters: [PostgresParameter] =
            [
                .int2(Int16(first.key.grain.rawValue)), .int2(slot), .int4s(rows.map { $0.job.rawValue }),
                .int4s(rows.map { Int32($0.key.brand) }),
                .timestamps(microseconds: rows.map { $0.key.start * 1_000_000 }),
                .int2s(rows.map { Int16($0.key.platform.rawValue) }), .texts(rows.map { $0.key.language }),
            ] + columns.parameters + [.byteas(indices.map { measures[$0].authors.bytes })]
        let tail = columns.hasReadings ? rollupTails.full : rollupTails.plain
        try session.query("INSERT INTO gw.\(first.partition.table)\(tail)", parameters)
    }

    static func upsert(_ rows: ArraySlice<MergeBatch.TermRow>, slot: Int16, _ session: PostgresSession) throws {
        guard let first = rows.first else { return }
        try session.query(
            """
            INSERT INTO gw.\(first.partition.table) AS t
                (job_id, brand, window_start, kind, term, platform, language, posts, slot)
            SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7), unnest($8), $9
            ON CONFLICT (job_id, brand, window_start, kind, term, platform, language, slot)
                DO UPDATE SET posts = t.posts + excluded.posts
            """,
            .int4s(rows.map { $0.job.rawValue }), .int4s(rows.map { Int32($0.key.brand) }),
            .timestamps(microseconds: rows.map { $0.key.start * 1_000_000 }),
            .int2s(rows.map { Int16($0.key.kind.rawValue) }), .texts(rows.map { $0.key.term }),
            .int2s(rows.map { Int16($0.key.platform.rawValue) }), .texts(rows.map { $0.key.language }),
            .int8s(rows.map { $0.posts }), .int2(slot))
    }

    /// Inserts examples, but for those that a full sample outranks already.
    ///
    /// A sample may grow beyond its size when merges meet; readers take the lowest ranks, and the rest is deleted when the
    /// job ends. Of two versions of a post the one stays that `Example.merged` keeps.
    static func insert(_ rows: ArraySlice<MergeBatch.ExampleRow>, _ session: PostgresSession) throws {
        try session.query(
            """
            INSERT INTO gw.example AS t (job_id, brand, window_start, platform, language, rank, post_id, created_at,
                author, body, url, negative, neutral, positive, label, reasons)
            SELECT u.job_id, u.brand, u.window_start, u.platform, u.language, u.rank, u.post_id, u.created_at, u.author,
                u.body, u.url, u.negative, u.neutral, u.positive, u.label, u.reasons::jsonb
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) u(job_id, brand, window_start,
                platform, language, rank, post_id, created_at, author, body, url, negative, neutral, positive, label,
                reasons)
            LEFT JOIN LATERAL (
                SELECT e.rank FROM gw.example e
                WHERE e.job_id = u.job_id AND e.brand = u.brand AND e.window_start = u.window_start
                    AND e.platform = u.platform AND e.language = u.language COLLATE "C"
                ORDER BY e.rank, e.post_id OFFSET \(Example.sampleSize - 1) LIMIT 1) full_at ON true
            WHERE full_at.rank IS NULL OR u.rank <= full_at.rank
            ON CONFLICT (job_id, brand, window_start, platform, language, rank, post_id) DO UPDATE SET
                created_at = excluded.created_at, body = excluded.body, author = excluded.author, url = excluded.url,
                negative = excluded.negative, neutral = excluded.neutral, positive = excluded.positive,
                label = excluded.label, reasons = excluded.reasons
            WHERE (excluded.created_at, excluded.body, excluded.author, coalesce(excluded.url, ''), excluded.url IS NOT NULL,
                    coalesce(excluded.negative, -1), coalesce(excluded.positive, -1), coalesce(excluded.label, -1))
                < (t.created_at, t.body, t.author, coalesce(t.url, ''), t.url IS NOT NULL,
                    coalesce(t.negative, -1), coalesce(t.positive, -1), coalesce(t.label, -1))
            """,
            .int4s(rows.map { $0.job.rawValue }), .int4s(rows.map { Int32($0.key.brand) }),
            .timestamps(microseconds: rows.map { $0.key.start * 1_000_000 }),
            .int2s(rows.map { Int16($0.key.platform.rawValue) }), .texts(rows.map { $0.key.language }),
            .int8s(rows.map { Self.rank($0.example.hash) }), .texts(rows.map { $0.example.id }),
            .timestamps(microseconds: rows.map { $0.example.createdAt.milliseconds * 1000 }),
            .texts(rows.map { $0.example.author }), .texts(rows.map { $0.example.text }),
            .optionalTexts(rows.map { $0.example.url }), .optionalInt8s(rows.map { $0.example.sentiment?.negative }),
            .optionalInt8s(rows.map { $0.example.sentiment?.neutral }),
            .optionalInt8s(rows.map { $0.example.sentiment?.positive }),
            .optionalInt8s(rows.map { $0.example.sentiment.map { Int64($0.label.rawValue) } }),
            .optionalTexts(rows.map { ReasonsJSON.text(of: $0.example.reasons) }))
    }

    /// Deletes what a sample holds beyond its size.
    static func pruneExamples(of job: JobID, _ session: PostgresSession) throws {
        try session.query(
            """
            DELETE FROM gw.example e USING (
                SELECT ctid, row_number() OVER (PARTITION BY brand, window_start, platform, language ORDER BY rank, post_id) AS place
                FROM gw.example WHERE job_id = $1) p
            WHERE e.ctid = p.ctid AND p.place > \(Example.sampleSize) AND e.job_id = $1
            """, .int4(job.rawValue))
    }

    static func insert(_ rows: ArraySlice<MergeBatch.QuarantineRow>, _ session: PostgresSession) throws {
        try session.query(
            """
            INSERT INTO gw.quarantine (job_id, idx, ordinal, byte_offset, reason, excerpt)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
            """,
            .jobs(rows.map { $0.shard }), .indices(rows.map { $0.shard }),
            .int4s(rows.map { Int32($0.ordinal) }), .int8s(rows.map { $0.record.offset }),
            .texts(rows.map { $0.record.reason }), .byteas(rows.map { $0.record.excerpt }))
    }

    /// Adds to one of a job's rows of totals, by slot like the rollups.
    ///
    /// The samples give the recent pace: `before` is between 15 and 30 seconds of merging old.
    static func add(_ total: MergeBatch.Total, slot: Int16, _ session: PostgresSession) throws {
        let totals = total.totals
        try session.query(
            """
            INSERT INTO gw.progress AS t (job_id, slot, merged, records, posts, matched, mentions, duplicates, filtered,
                deletions, quarantined, bytes)
            VALUES ($1, $12, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (job_id, slot) DO UPDATE SET
                merged = t.merged + excluded.merged, records = t.records + excluded.records,
                posts = t.posts + excluded.posts, matched = t.matched + excluded.matched,
                mentions = t.mentions + excluded.mentions, duplicates = t.duplicates + excluded.duplicates,
                filtered = t.filtered + excluded.filtered, deletions = t.deletions + excluded.deletions,
                quarantined = t.quarantined + excluded.quarantined, bytes = t.bytes + excluded.bytes, last_at = now(),
                before_at = CASE WHEN now() - t.sample_at > interval '15 s' THEN t.sample_at ELSE t.before_at END,
                before_merged = CASE WHEN now() - t.sample_at > interval '15 s' THEN t.sample_merged ELSE t.before_merged END,
                before_records = CASE WHEN now() - t.sample_at > interval '15 s' THEN t.sample_records ELSE t.before_records END,
                sample_at = CASE WHEN now() - t.sample_at > interval '15 s' THEN now() ELSE t.sample_at END,
                sample_merged = CASE WHEN now() - t.sample_at > interval '15 s' THEN t.merged ELSE t.sample_merged END,
                sample_records = CASE WHEN now() - t.sample_at > interval '15 s' THEN t.records ELSE t.sample_records END
            """,
            .int4(total.job.rawValue), .int8(total.shards), .int8(totals.records), .int8(totals.posts),
            .int8(totals.matched),
            .int8(totals.mentions), .int8(totals.duplicates), .int8(totals.filtered), .int8(totals.deletions),
            .int8(totals.quarantined), .int8(totals.bytes), .int2(slot))
    }

    /// An unsigned rank as a signed number of the same order.
    static func rank(_ hash: UInt64) -> Int64 { Int64(bitPattern: hash ^ (1 << 63)) }
    static func hash(rank: Int64) -> UInt64 { UInt64(bitPattern: rank) ^ (1 << 63) }
}
