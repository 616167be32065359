internal import Domain
internal import Postgres

/// How fast jobs went lately.
package struct MeasuredPace: Equatable, Sendable {
    package var jobs: Int
    package var recordsPerSecond: Double
}

extension TrendStore {
    /// The pace of the last ten ended jobs of a model, from their first merge to their last; `nil` when there is none.
    ///
    /// A job that ended within a second counts as one of a second, since its start is most of it.
    package func pace(modelVersion: String) async throws -> MeasuredPace? {
        try await connection.use { session in
            let row = try session.query(
                """
                SELECT count(*), coalesce(sum(records), 0)::float8, coalesce(sum(greatest(seconds, 1)), 0)::float8
                FROM (SELECT sum(g.records) AS records, extract(epoch FROM max(g.last_at) - min(g.first_at)) AS seconds
                    FROM gw.job j JOIN gw.progress g USING (job_id)
                    WHERE j.model_version = $1 AND j.state IN ('completed', 'completed_with_errors')
                    GROUP BY j.job_id HAVING sum(g.records) > 0 ORDER BY j.job_id DESC LIMIT 10) recent
                """, .text(modelVersion)
            ).first
            guard let row, row.int(0) > 0, row.double(2) > 0 else { return nil }
            return MeasuredPace(jobs: Int(row.int(0)), recordsPerSecond: row.double(1) / row.double(2))
        }
    }
}
