package import Domain
internal import Postgres

/// A job whose shards may be sent.
package struct RunnableJob: Equatable, Sendable {
    package var job: JobID
    package var weight: Int
    package var shards: Int
    /// Shards below were sent at least once.
    package var nextShard: Int
}

/// What the coordinator asks. It never writes about single shards: a cursor for each job is all.
extension TrendStore {
    /// The running jobs of a lane that have shards to send, oldest first.
    ///
    /// - Parameter includingSent: also those whose shards were all sent and are not all merged.
    package func runnableJobs(in lane: Lane, includingSent: Bool = false) async throws -> [RunnableJob] {
        try await connection.use { session in
            try session.query(
                """
                SELECT job_id, weight, shards, next_shard FROM gw.job
                WHERE state = 'running' AND lane = $1 AND ($2 OR next_shard < shards) ORDER BY job_id
                """, .text(lane.rawValue), .bool(includingSent)
            ).map { row in
                RunnableJob(
                    job: JobID(rawValue: row.int32(0)), weight: Int(row.int(1)), shards: Int(row.int(2)),
                    nextShard: Int(row.int(3)))
            }
        }
    }

    /// Moves a job's cursor forward; it never moves back.
    package func advance(_ job: JobID, to next: Int) async throws {
        try await connection.use { session in
            _ = try session.query(
                "UPDATE gw.job SET next_shard = $2 WHERE job_id = $1 AND next_shard < $2", .int4(job.rawValue),
                .int4(Int32(next)))
        }
    }

    /// Shards that were sent and are neither merged nor dead, ascending, from the one after `after` (-1: from the start).
    ///
    /// - Parameter below: looks only at shards below this one, besides only at those sent: a sweep for what was sent long ago.
    package func unmergedShards(
        of job: JobID, after: Int = -1, below: Int = Int(Int32.max), limit: Int
    ) async throws -> [ShardID] {
        try await connection.use { session in
            let rows = try session.query(
                """
                SELECT s.idx FROM gw.job j JOIN gw.shard s USING (job_id)
                WHERE j.job_id = $1 AND s.idx > $2 AND s.idx >= j.settled_below AND s.idx < least(j.next_shard, $3)
                    AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = s.job_id AND l.idx = s.idx)
                    AND NOT EXISTS (SELECT FROM gw.trouble t WHERE t.job_id = s.job_id AND t.idx = s.idx
                        AND (t.dead OR t.retry_at > now()))
                ORDER BY s.idx LIMIT $4
                """, .int4(job.rawValue), .int4(Int32(after)), .int4(Int32(clamping: below)), .int8(Int64(limit)))
            // The next sweep need not look again at what lies before the first one found, unless one there is to be tried
            // again later: it is neither merged nor dead, and would be lost with Redis.
            if after < 0, let first = rows.first {
                try session.query(
                    """
                    UPDATE gw.job SET settled_below = $2 WHERE job_id = $1 AND settled_below < $2
                        AND NOT EXISTS (SELECT FROM gw.trouble t WHERE t.job_id = $1 AND t.idx < $2 AND NOT t.dead)
                    """, .int4(job.rawValue), .int4(first.int32(0)))
            }
            return rows.map { ShardID(job: job, index: UInt32(bitPattern: $0.int32(0))) }
        }
    }

    /// Failed shards whose pause is over; each is returned once.
    ///
    /// A crash before they are sent leaves them to the sweep of unmerged shards.
    package func dueRetries(in lane: Lane, limit: Int) async throws -> [ShardID] {
        try await connection.use { session in
            try session.query(
                """
                UPDATE gw.trouble t SET retry_at = NULL
                FROM (SELECT t.job_id, t.idx FROM gw.trouble t JOIN gw.job j USING (job_id)
                    WHERE t.retry_at <= now() AND NOT t.dead AND j.lane = $1 AND j.state = 'running'
                    ORDER BY t.retry_at LIMIT $2 FOR UPDATE OF t SKIP LOCKED) d
                WHERE t.job_id = d.job_id AND t.idx = d.idx RETURNING t.job_id, t.idx
                """, .text(lane.rawValue), .int8(Int64(limit))
            ).map(ShardID.init(row:))
        }
    }

    /// The lane's generation; Redis must show the same.
    package func generation(of lane: Lane) async throws -> Int64 {
        try await connection.use { session in
            try session.query("SELECT generation FROM gw.lane WHERE lane = $1", .text(lane.rawValue)).first?.int(0) ?? 0
        }
    }

    /// Begins a new generation of a lane.
    package func raiseGeneration(of lane: Lane) async throws -> Int64 {
        try await connection.use { session in
            try session.query(
                "UPDATE gw.lane SET generation = generation + 1 WHERE lane = $1 RETURNING generation",
                .text(lane.rawValue)
            ).first?.int(0) ?? 0
        }
    }

    /// Ends the jobs whose shards are all merged or dead, and returns them.
    @discardableResult
    package func completeFinishedJobs() async throws -> [JobID] {
        try await connection.use { session in
            try session.transaction {
                let ended = try session.query(
                    """
                    UPDATE gw.job j SET finished_at = now(), settled_below = j.shards,
                        state = CASE WHEN d.dead > 0 THEN 'completed_with_errors' ELSE 'completed' END
                    FROM (SELECT j.job_id,
                            (SELECT coalesce(sum(g.merged), 0) FROM gw.progress g WHERE g.job_id = j.job_id) AS merged,
                            (SELECT count(*) FROM gw.trouble t WHERE t.job_id = j.job_id AND t.dead
                                AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = t.job_id AND l.idx = t.idx)) AS dead
                        FROM gw.job j WHERE j.state = 'running' AND j.next_shard = j.shards) d
                    WHERE j.job_id = d.job_id AND j.state = 'running' AND d.merged + d.dead >= j.shards
                    RETURNING j.job_id
                    """
                ).map { JobID(rawValue: $0.int32(0)) }
                for job in ended { try Self.pruneExamples(of: job, session) }
                return ended
            }
        }
    }
}

extension ShardID {
    /// From the first two columns: job and index.
    init(row: PostgresRow) {
        self.init(job: JobID(rawValue: row.int32(0)), index: UInt32(bitPattern: row.int32(1)))
    }
}
