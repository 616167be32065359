package import Domain
internal import Postgres

/// A job whose shards may be sent.
package struct RunnableJob: Equatable, Sendable {
    package var job: JobID
    package var weight: Int
    package var priority: Int
    package var shards: Int
    /// Shards below were sent at least once.
    package var nextShard: Int
    /// How many more may be in flight; `nil` for any number.
    package var room: Int?
    /// Shards a second of each source at most.
    package var sourceRate: Double?
    /// Not 0 after a resume: what was sent and is not merged must be sent again.
    package var resend: Int
}

/// What the coordinator asks. It never writes about single shards: a cursor for each job is all.
extension TrendStore {
    /// The running jobs of a lane that have something to send, oldest first.
    ///
    /// - Parameter includingSent: also those whose shards were all sent and are not all merged.
    package func runnableJobs(in lane: Lane, includingSent: Bool = false) async throws -> [RunnableJob] {
        try await connection.use { session in
            try session.query(
                """
                SELECT job_id, weight, priority, shards, next_shard, gw.room(job_id), source_rate, resend FROM gw.job
                WHERE state = 'running' AND lane = $1 AND ($2 OR next_shard < shards OR resend > 0) ORDER BY job_id
                """, .text(lane.rawValue), .bool(includingSent)
            ).map { row in
                RunnableJob(
                    job: JobID(rawValue: row.int32(0)), weight: Int(row.int(1)), priority: Int(row.int(2)),
                    shards: Int(row.int(3)), nextShard: Int(row.int(4)), room: row.optionalInt(5).map { Int($0) },
                    sourceRate: row.optionalDouble(6), resend: Int(row.int(7)))
            }
        }
    }

    /// The sources of a job's next shards, in order: what a rate limit looks at.
    package func sources(of job: JobID, from next: Int, limit: Int) async throws -> [Int32] {
        try await connection.use { session in
            try session.query(
                "SELECT source_id FROM gw.shard WHERE job_id = $1 AND idx >= $2 ORDER BY idx LIMIT $3",
                .int4(job.rawValue), .int4(Int32(clamping: next)), .int8(Int64(limit))
            ).map { $0.int32(0) }
        }
    }

    /// Moves a job's cursor forward; it never moves back.
    package func advance(_ job: JobID, to next: Int) async throws { try await advance([job: next]) }

    /// Moves the cursors of several jobs.
    package func advance(_ cursors: [JobID: Int]) async throws {
        guard !cursors.isEmpty else { return }
        let rows = cursors.sorted { $0.key < $1.key }
        try await connection.use { session in
            _ = try session.query(
                """
                UPDATE gw.job j SET next_shard = c.next FROM unnest($1, $2) c(job_id, next)
                WHERE j.job_id = c.job_id AND j.next_shard < c.next
                """, .int4s(rows.map(\.key.rawValue)), .int4s(rows.map { Int32(clamping: $0.value) }))
        }
    }

    /// Notes that what a resume asked for was sent again, unless another resume came meanwhile.
    package func endResend(of job: JobID, asked: Int) async throws {
        try await connection.use { session in
            _ = try session.query(
                "UPDATE gw.job SET resend = 0 WHERE job_id = $1 AND resend = $2", .int4(job.rawValue),
                .int4(Int32(clamping: asked)))
        }
    }

    /// Shards that were sent and are neither merged, dead nor waiting for another try, ascending, from the one after
    /// `after` (-1: from the start).
    ///
    /// - Parameter below: looks only at shards below this one, besides only at those sent: a sweep for what was sent long ago.
    package func unmergedShards(
        of job: JobID, after: Int = -1, below: Int = Int(Int32.max), limit: Int
    ) async throws -> [ShardID] {
        try await connection.use { session in
            let row = try session.query(
                "SELECT settled_below, next_shard FROM gw.job WHERE job_id = $1", .int4(job.rawValue)
            ).first
            guard let row else { return [] }
            // Bounds as parameters: from a join the server would make a scan of all shards.
            return try session.query(
                """
                SELECT s.job_id, s.idx FROM gw.shard s
                WHERE s.job_id = $1 AND s.idx >= $2 AND s.idx < $3
                    AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = s.job_id AND l.idx = s.idx)
                    AND NOT EXISTS (SELECT FROM gw.trouble t WHERE t.job_id = s.job_id AND t.idx = s.idx
                        AND (t.dead OR t.retry_at > now()))
                ORDER BY s.idx LIMIT $4
                """, .int4(job.rawValue), .int4(Int32(clamping: max(after + 1, Int(row.int(0))))),
                .int4(Int32(clamping: min(below, Int(row.int(1))))), .int8(Int64(limit))
            ).map(ShardID.init(row:))
        }
    }

    /// Moves up the mark below which every shard of a job is merged or dead, where sweeps begin; by one stretch at most.
    ///
    /// Not of a live job: see `settleArriving`.
    ///
    /// - Returns: whether another stretch may follow.
    @discardableResult
    package func settle(_ job: JobID, stretch: Int) async throws -> Bool {
        try await connection.use { session in
            let moved = try session.query(
                """
                UPDATE gw.job j SET settled_below = coalesce(
                    (SELECT min(s.idx) FROM gw.shard s
                        WHERE s.job_id = j.job_id AND s.idx >= j.settled_below
                            AND s.idx < least(j.next_shard, j.settled_below + $2)
                            AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = s.job_id AND l.idx = s.idx)
                            AND NOT EXISTS (SELECT FROM gw.trouble t WHERE t.job_id = s.job_id AND t.idx = s.idx AND t.dead)),
                    least(j.next_shard, j.settled_below + $2))
                WHERE j.job_id = $1 AND j.settled_below < j.next_shard AND NOT j.arriving
                RETURNING j.settled_below % $2 = 0 AND j.settled_below < j.next_shard
                """, .int4(job.rawValue), .int4(Int32(clamping: stretch)))
            return moved.first?.bool(0) ?? false
        }
    }

    /// Failed shards whose pause is over and for which their job has room; each is returned once.
    ///
    /// A crash before they are sent leaves them to the sweep of unmerged shards.
    package func dueRetries(in lane: Lane, limit: Int) async throws -> [ShardID] {
        try await connection.use { session in
            try session.query(
                """
                UPDATE gw.trouble t SET retry_at = NULL
                FROM (SELECT t.job_id, t.idx, gw.room(t.job_id) AS room,
                        row_number() OVER (PARTITION BY t.job_id ORDER BY t.retry_at, t.idx) AS place
                    FROM gw.trouble t JOIN gw.job j USING (job_id)
                    WHERE t.retry_at <= now() AND NOT t.dead AND j.lane = $1 AND j.state = 'running'
                    ORDER BY t.retry_at LIMIT $2) d
                WHERE t.job_id = d.job_id AND t.idx = d.idx AND d.place <= coalesce(d.room, d.place)
                    AND t.retry_at <= now()
                RETURNING t.job_id, t.idx
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

    /// Begins a new generation of a lane; `nil` when another coordinator has begun one after the one expected.
    package func raiseGeneration(of lane: Lane, from expected: Int64) async throws -> Int64? {
        try await connection.use { session in
            try session.query(
                "UPDATE gw.lane SET generation = generation + 1 WHERE lane = $1 AND generation = $2 RETURNING generation",
                .text(lane.rawValue), .int8(expected)
            ).first?.int(0)
        }
    }

    /// Ends the jobs whose shards are all merged or dead and to which none will be added, and returns them.
    @discardableResult
    package func completeFinishedJobs() async throws -> [JobID] {
        try await connection.use { session in
            try session.transaction {
                let ended = try session.query(
                    """
                    UPDATE gw.job j SET finished_at = now(), settled_below = j.shards,
                        state = CASE WHEN d.dead > 0 OR EXISTS (SELECT FROM gw.quarantine q
                            WHERE q.job_id = j.job_id AND q.reason LIKE 'poison: %') THEN 'completed_with_errors' ELSE 'completed' END
                    FROM (SELECT j.job_id,
                            (SELECT coalesce(sum(g.merged), 0) FROM gw.progress g WHERE g.job_id = j.job_id) AS merged,
                            (SELECT count(*) FROM gw.trouble t WHERE t.job_id = j.job_id AND t.dead
                                AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = t.job_id AND l.idx = t.idx)) AS dead
                        FROM gw.job j WHERE j.state = 'running' AND j.next_shard = j.shards AND NOT j.arriving) d
                    WHERE j.job_id = d.job_id AND j.state = 'running' AND NOT j.arriving
                        AND d.merged + d.dead >= j.shards
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
