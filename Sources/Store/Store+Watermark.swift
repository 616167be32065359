package import Domain
internal import Postgres
package import Trends

/// How long the windows of a live job wait for posts.
package struct LivePatience: Equatable, Sendable {
    /// How long after its end a window stays open.
    ///
    /// Posts reach a gateway seconds after they were written, and each second more delays every alert.
    package var lateness = Duration.seconds(30)
    /// How long after its end a window's counts still revise what was said of it.
    ///
    /// Posts that come later count in SQL all the same.
    package var horizon = Duration.seconds(6 * 3600)
    /// A source that sent nothing for so long holds no window open; when none sends, time goes on by the clock.
    package var silence = Duration.seconds(60)

    package init() {}

    func watermark(reached: Timestamp?) -> Watermark {
        Watermark(lateness: lateness, horizon: horizon, silence: silence, reached: reached)
    }
}

/// A job whose shards keep arriving, as it stands.
package struct LiveStatus: Equatable, Sendable {
    package var job: JobID
    package var monitor: String
    package var state: JobState
    package var batches: Int
    /// Batches that are neither merged nor dead.
    package var backlog: Int
    package var records: Int64
    package var watermark: Watermark
}

/// Which windows of live jobs are closed.
extension TrendStore {
    /// How long a key is remembered: longer than a sender retries, short enough that the table stays small.
    private static let keyMemory = "24 hours"

    /// The jobs that take posts, with their watermarks.
    ///
    /// Only posts move a watermark that are merged and before which nothing is missing, so what it calls closed can be
    /// read from the tables at once. It never goes back, whoever asks.
    package func liveJobs(patience: LivePatience = LivePatience()) async throws -> [LiveStatus] {
        try await connection.use { session in
            try session.query(
                """
                SELECT j.job_id, j.monitor, j.state, j.shards, gw.backlog(j.job_id),
                    (SELECT coalesce(sum(g.records), 0)::bigint FROM gw.progress g WHERE g.job_id = j.job_id), j.reached
                FROM gw.job j WHERE j.arriving ORDER BY j.job_id
                """
            ).map { row in
                LiveStatus(
                    job: JobID(rawValue: row.int32(0)), monitor: row.text(1),
                    state: JobState(rawValue: row.text(2)) ?? .running, batches: Int(row.int(3)),
                    backlog: Int(row.int(4)), records: row.int(5),
                    watermark: patience.watermark(
                        reached: row.optionalMicroseconds(6).map { Timestamp(microseconds: $0) }))
            }
        }
    }

    /// Moves the watermarks of all live jobs on, and forgets old keys: a duty of the coordinator.
    package func settleArriving(patience: LivePatience = LivePatience()) async throws {
        try await connection.use { session in
            let jobs = try session.query("SELECT job_id, reached FROM gw.job WHERE arriving ORDER BY job_id").map {
                row in
                (JobID(rawValue: row.int32(0)), row.optionalMicroseconds(1).map { Timestamp(microseconds: $0) })
            }
            for (job, before) in jobs {
                try session.query("SELECT gw.settle_arriving($1)", .int4(job.rawValue))
                var watermark = patience.watermark(reached: before)
                try Self.advance(&watermark, of: job, session)
                guard let reached = watermark.reached, reached != before else { continue }
                try session.query(
                    "UPDATE gw.job SET reached = $2 WHERE job_id = $1 AND coalesce(reached < $2, true)",
                    .int4(job.rawValue), .timestamp(reached))
            }
            try session.query("DELETE FROM gw.receipt WHERE received_at < now() - interval '\(Self.keyMemory)'")
        }
    }

    private static func advance(_ watermark: inout Watermark, of job: JobID, _ session: PostgresSession) throws {
        let rows = try session.query(
            """
            SELECT c.source_id, c.reached, c.heard_at, clock_timestamp(),
                EXISTS (SELECT FROM gw.shard s WHERE s.job_id = c.job_id AND s.source_id = c.source_id
                    AND s.idx >= j.settled_below)
            FROM gw.source c JOIN gw.job j USING (job_id) WHERE c.job_id = $1 AND c.place = $2
            """, .int4(job.rawValue), .int2(StoredPlace.arriving.rawValue))
        guard let now = rows.first.map({ Timestamp(microseconds: $0.microseconds(3)) }) else { return }
        for row in rows {
            let source = Int(row.int(0))
            let reached = row.optionalMicroseconds(1).map { Timestamp(microseconds: $0) }
            if row.bool(4) {
                // What is on its way may be of any time: until it is merged, its source lives and holds still.
                guard let reached else { return }
                watermark.report(source, reached: reached, at: now)
            } else if let reached, let heard = row.optionalMicroseconds(2) {
                watermark.report(source, reached: reached, at: Timestamp(microseconds: heard))
            }
        }
        watermark.advance(at: now)
    }
}
