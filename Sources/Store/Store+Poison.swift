package import Domain
internal import Postgres

/// What is known of records that end each process which reads them.
extension TrendStore {
    /// The poisonous records of a job: by shard, offset and reason.
    package func poison(of job: JobID) async throws -> [ShardID: [Int64: String]] {
        try await connection.use { session in
            let rows = try session.query(
                """
                SELECT job_id, idx, byte_offset, reason FROM gw.quarantine
                WHERE job_id = $1 AND reason LIKE 'poison: %'
                """, .int4(job.rawValue))
            var poison: [ShardID: [Int64: String]] = [:]
            for row in rows { poison[ShardID(row: row), default: [:]][row.int(2)] = row.text(3) }
            return poison
        }
    }

    /// How many poisonous records each job has; jobs without are left out.
    ///
    /// - Parameter job: only this one; all when `nil`.
    package func poisonCounts(of job: JobID? = nil) async throws -> [JobID: Int] {
        try await connection.use { session in
            let rows = try session.query(
                """
                SELECT job_id, count(*) FROM gw.quarantine
                WHERE reason LIKE 'poison: %' AND ($1 OR job_id = $2) GROUP BY job_id
                """, .bool(job == nil), .int4(job?.rawValue ?? 0))
            return Dictionary(uniqueKeysWithValues: rows.map { (JobID(rawValue: $0.int32(0)), Int($0.int(1))) })
        }
    }
}
