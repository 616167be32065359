package import Domain
internal import Postgres
package import Trends

/// A job and how far it is.
package struct JobStatus: Equatable, Sendable {
    package var job: JobID
    package var key: String?
    package var monitor: String
    package var lane: Lane
    package var weight: Int
    package var state: JobState
    package var shards: Int
    /// Shards sent at least once.
    package var sent: Int
    package var merged: Int
    package var dead: Int
    package var totals: ShardTotals
    package var submittedAt: Timestamp
    package var finishedAt: Timestamp?
    /// When the first and the last merge were; `nil` before the first.
    package var firstMerge: Timestamp?
    package var lastMerge: Timestamp?
    /// Shards and records merged per second lately (over the last 15 to 30 s of merging), 0 before the first.
    package var recentShardsPerSecond: Double
    package var recentRecordsPerSecond: Double
    /// The server's clock when this was read: compare times with it and not with one's own.
    package var now: Timestamp
}

/// A shard that was set aside.
package struct DeadShard: Equatable, Sendable {
    package var shard: ShardID
    package var source: String
    package var offset: Int64
    package var length: Int64
    package var deaths: Int
    package var errors: Int
    package var reason: String
}

extension TrendStore {
    /// All jobs, newest first.
    package func jobs(limit: Int = 1000) async throws -> [JobStatus] {
        try await connection.use { session in
            try session.query(Self.statusQuery + " ORDER BY j.job_id DESC LIMIT $1", .int8(Int64(limit)))
                .map(Self.status)
        }
    }

    package func job(_ job: JobID) async throws -> JobStatus {
        try await connection.use { session in
            guard let row = try session.query(Self.statusQuery + " WHERE j.job_id = $1", .int4(job.rawValue)).first
            else { throw StoreError.unknownJob(job) }
            return Self.status(row)
        }
    }

    /// Sends no further shards of a job, and lets workers drop those that wait; those that run end and count.
    package func pause(_ job: JobID) async throws { try await change(job, by: .pause, to: .paused, "paused") }

    /// Goes on with a paused job: what workers dropped meanwhile is sent again.
    package func resume(_ job: JobID) async throws { try await change(job, by: .resume, to: .running, "resumed") }

    /// Ends a job early.
    ///
    /// What is merged stays until `forget`; results that arrive later are dropped.
    package func cancel(_ job: JobID) async throws { try await change(job, by: .cancel, to: .cancelled, "cancelled") }

    /// The shards of a job that were set aside, in order.
    package func deadShards(of job: JobID, limit: Int = 1000) async throws -> [DeadShard] {
        try await connection.use { session in
            try session.query(
                """
                SELECT t.job_id, t.idx, c.name, s.byte_offset, s.byte_length, t.deaths, t.errors, t.reason
                FROM gw.trouble t JOIN gw.shard s USING (job_id, idx) JOIN gw.source c USING (job_id, source_id)
                WHERE t.job_id = $1 AND t.dead
                    AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = t.job_id AND l.idx = t.idx)
                ORDER BY t.idx LIMIT $2
                """, .int4(job.rawValue), .int8(Int64(limit))
            ).map { row in
                DeadShard(
                    shard: ShardID(row: row), source: row.text(2), offset: row.int(3), length: row.int(4),
                    deaths: Int(row.int(5)), errors: Int(row.int(6)), reason: row.text(7))
            }
        }
    }

    /// Gives the dead shards of a job a new life; the job runs again.
    ///
    /// - Parameter indices: only these shards; all when `nil`.
    /// - Returns: how many shards are due again.
    package func retryDeadShards(of job: JobID, only indices: [UInt32]? = nil) async throws -> Int {
        try await connection.use { session in
            try session.transaction {
                try Self.lock(job, session)
                let count = try session.query(
                    """
                    UPDATE gw.trouble t SET dead = false, deaths = 0, errors = 0, retry_at = now(), updated_at = now()
                    WHERE t.job_id = $1 AND t.dead AND ($2 OR t.idx = ANY ($3))
                        AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = t.job_id AND l.idx = t.idx)
                    """, .int4(job.rawValue), .bool(indices == nil),
                    .int4s((indices ?? []).map(Int32.init(bitPattern:)))
                ).affected
                if count > 0 {
                    try session.query(
                        """
                        UPDATE gw.job SET settled_below = 0, finished_at = NULL,
                            state = CASE state WHEN 'paused' THEN 'paused' ELSE 'running' END
                        WHERE job_id = $1 AND state = ANY($2)
                        """, .int4(job.rawValue), .texts(JobMachine.origins(of: .retry).map(\.rawValue)))
                }
                return count
            }
        }
    }

    /// Deletes a job with everything that it counted.
    package func forget(_ job: JobID) async throws {
        try await connection.use { session in
            try session.transaction {
                // Waits for merges of the job that are under way; later ones find no job and drop their results.
                try Self.lock(job, session)
                for table in [
                    "shard", "ledger", "trouble", "progress", "quarantine", "rollup", "term", "example", "voices",
                ] {
                    try session.query("DELETE FROM gw.\(table) WHERE job_id = $1", .int4(job.rawValue))
                }
                try session.query("DELETE FROM gw.job WHERE job_id = $1", .int4(job.rawValue))
            }
        }
    }

    private static func lock(_ job: JobID, _ session: PostgresSession) throws {
        let rows = try session.query("SELECT 1 FROM gw.job WHERE job_id = $1 FOR UPDATE", .int4(job.rawValue))
        guard !rows.isEmpty else { throw StoreError.unknownJob(job) }
    }

    private func change(_ job: JobID, by event: JobEvent, to state: JobState, _ wanted: String) async throws {
        try await connection.use { session in
            let changed = try session.query(
                """
                UPDATE gw.job SET state = $2, finished_at = CASE WHEN $2 = 'cancelled' THEN now() END,
                    resend = CASE WHEN state = 'paused' AND $2 = 'running' THEN resend + 1 ELSE resend END,
                    arriving = arriving AND $2 <> 'cancelled'
                WHERE job_id = $1 AND state = ANY($3) AND state <> $2
                """, .int4(job.rawValue), .text(state.rawValue),
                .texts(JobMachine.origins(of: event).map(\.rawValue)))
            guard changed.affected == 0 else { return }
            let present = try session.query("SELECT state FROM gw.job WHERE job_id = $1", .int4(job.rawValue))
            guard let text = present.first?.text(0), let found = JobState(rawValue: text) else {
                throw StoreError.unknownJob(job)
            }
            // Asking twice is no mistake.
            if found != state { throw StoreError.wrongState(job, state: found, wanted: wanted) }
        }
    }
}

extension TrendStore {
    private static let statusQuery = """
        SELECT j.job_id, j.key, j.monitor, j.lane, j.weight, j.state, j.shards, j.next_shard,
            coalesce(g.merged, 0)::bigint,
            (SELECT count(*) FROM gw.trouble t WHERE t.job_id = j.job_id AND t.dead
                AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = t.job_id AND l.idx = t.idx)),
            coalesce(g.records, 0)::bigint, coalesce(g.posts, 0)::bigint, coalesce(g.matched, 0)::bigint,
            coalesce(g.mentions, 0)::bigint, coalesce(g.duplicates, 0)::bigint, coalesce(g.filtered, 0)::bigint,
            coalesce(g.deletions, 0)::bigint, coalesce(g.quarantined, 0)::bigint, coalesce(g.bytes, 0)::bigint,
            j.submitted_at, j.finished_at, g.first_at, g.last_at,
            coalesce(g.shard_pace, 0)::float8, coalesce(g.record_pace, 0)::float8, clock_timestamp()
        FROM gw.job j LEFT JOIN LATERAL (
            SELECT sum(merged) merged, sum(records) records, sum(posts) posts, sum(matched) matched,
                sum(mentions) mentions, sum(duplicates) duplicates, sum(filtered) filtered, sum(deletions) deletions,
                sum(quarantined) quarantined, sum(bytes) bytes, min(first_at) first_at, max(last_at) last_at,
                sum((merged - before_merged) / greatest(extract(epoch FROM clock_timestamp() - before_at), 0.1)) shard_pace,
                sum((records - before_records) / greatest(extract(epoch FROM clock_timestamp() - before_at), 0.1)) record_pace
            FROM gw.progress g WHERE g.job_id = j.job_id) g ON true
        """

    private static func status(_ row: PostgresRow) -> JobStatus {
        var totals = ShardTotals()
        totals.records = row.int(10)
        totals.posts = row.int(11)
        totals.matched = row.int(12)
        totals.mentions = row.int(13)
        totals.duplicates = row.int(14)
        totals.filtered = row.int(15)
        totals.deletions = row.int(16)
        totals.quarantined = row.int(17)
        totals.bytes = row.int(18)
        func time(_ column: Int) -> Timestamp? { row.optionalMicroseconds(column).map { Timestamp(microseconds: $0) } }
        return JobStatus(
            job: JobID(rawValue: row.int32(0)), key: row.optionalText(1), monitor: row.text(2),
            lane: Lane(rawValue: row.text(3)) ?? .bulk, weight: Int(row.int(4)),
            state: JobState(rawValue: row.text(5)) ?? .running, shards: Int(row.int(6)), sent: Int(row.int(7)),
            merged: Int(row.int(8)), dead: Int(row.int(9)), totals: totals,
            submittedAt: Timestamp(microseconds: row.microseconds(19)), finishedAt: time(20), firstMerge: time(21),
            lastMerge: time(22), recentShardsPerSecond: row.double(23), recentRecordsPerSecond: row.double(24),
            now: Timestamp(microseconds: row.microseconds(25)))
    }
}
