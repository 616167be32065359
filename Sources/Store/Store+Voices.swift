internal import Domain
internal import Postgres
internal import Trends

/// Samples of each brand's hours, in which the drivers of anomalies are found.
extension TrendStore {
    /// Joins voices with those that are kept.
    ///
    /// A sample is one value to PostgreSQL: rows for each of its posts would be ten times as many as the rollups have.
    static func merge(_ rows: ArraySlice<MergeBatch.VoicesRow>, slot: Int16, _ session: PostgresSession) throws {
        var left = Array(rows)
        // Beyond sixteen merges at once two share a slot: what another one inserts in between is seen at the next turn.
        while !left.isEmpty {
            let known = try voices(left, slot: slot, session)
            let old = left.indices.filter { known[$0] != nil }
            for index in old { known[index].map { left[index].voices.merge($0) } }
            try update(old.map { left[$0] }, slot: slot, session)
            let new = left.indices.filter { known[$0] == nil }
            let inserted = try insert(new.map { left[$0] }, slot: slot, session)
            left = new.enumerated().filter { !inserted.contains($0.offset) }.map { left[$0.element] }
        }
    }

    private static func keys(_ rows: [MergeBatch.VoicesRow], slot: Int16) -> [PostgresParameter] {
        [
            .int4s(rows.map(\.job.rawValue)), .int4s(rows.map { Int32($0.key.brand) }),
            .timestamps(microseconds: rows.map { $0.key.start * 1_000_000 }), .int2(slot),
        ]
    }

    /// What is kept of some hours, by index; locked until the transaction ends.
    private static func voices(
        _ rows: [MergeBatch.VoicesRow], slot: Int16, _ session: PostgresSession
    ) throws -> [Int: Voices] {
        let found = try session.query(
            """
            SELECT u.ord, v.body FROM unnest($1, $2, $3) WITH ORDINALITY u(job_id, brand, window_start, ord)
            JOIN gw.voices v ON v.job_id = u.job_id AND v.brand = u.brand AND v.window_start = u.window_start AND v.slot = $4
            ORDER BY u.ord FOR UPDATE OF v
            """, keys(rows, slot: slot))
        return Dictionary(
            uniqueKeysWithValues: try found.map { (Int($0.int(0)) - 1, try Voices(encoded: $0.bytes(1))) })
    }

    private static func update(_ rows: [MergeBatch.VoicesRow], slot: Int16, _ session: PostgresSession) throws {
        guard !rows.isEmpty else { return }
        try session.query(
            """
            UPDATE gw.voices v SET body = u.body FROM unnest($1, $2, $3, $5) u(job_id, brand, window_start, body)
            WHERE v.job_id = u.job_id AND v.brand = u.brand AND v.window_start = u.window_start AND v.slot = $4
            """, keys(rows, slot: slot) + [.byteas(try rows.map { try $0.voices.encoded($0.key) })])
    }

    /// - Returns: the indices of those that were not there.
    private static func insert(
        _ rows: [MergeBatch.VoicesRow], slot: Int16, _ session: PostgresSession
    ) throws -> Set<Int> {
        guard !rows.isEmpty else { return [] }
        let inserted = try session.query(
            """
            WITH fresh AS (
                INSERT INTO gw.voices (job_id, brand, window_start, slot, body)
                SELECT u.job_id, u.brand, u.window_start, $4, u.body
                FROM unnest($1, $2, $3, $5) u(job_id, brand, window_start, body)
                ON CONFLICT DO NOTHING RETURNING job_id, brand, window_start)
            SELECT u.ord FROM unnest($1, $2, $3) WITH ORDINALITY u(job_id, brand, window_start, ord)
            JOIN fresh f USING (job_id, brand, window_start)
            """, keys(rows, slot: slot) + [.byteas(try rows.map { try $0.voices.encoded($0.key) })])
        return Set(inserted.map { Int($0.int(0)) - 1 })
    }
}
