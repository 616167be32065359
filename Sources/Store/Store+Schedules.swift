package import Domain
internal import Postgres

/// A job to be submitted again and again.
package struct JobSchedule: Equatable, Sendable {
    package var name: String
    package var cron: String
    package var monitor: String
    package var monitorYAML: String
    package var modelVersion: String
    /// Files, folders and patterns, with `%Y` and its like for parts of the firing time; looked for at each firing.
    package var sources: [String]
    package var shardBytes: Int64
    package var shardPosts: Int
    package var skipMissing: Bool
    package var lane: Lane
    package var share: JobShare

    package init(
        name: String, cron: String, monitor: String, monitorYAML: String, modelVersion: String, sources: [String],
        shardBytes: Int64, shardPosts: Int, skipMissing: Bool, lane: Lane, share: JobShare
    ) {
        self.name = name
        self.cron = cron
        self.monitor = monitor
        self.monitorYAML = monitorYAML
        self.modelVersion = modelVersion
        self.sources = sources
        self.shardBytes = shardBytes
        self.shardPosts = shardPosts
        self.skipMissing = skipMissing
        self.lane = lane
        self.share = share
    }
}

/// A schedule and what became of its last firing.
package struct ScheduleStatus: Equatable, Sendable {
    package var name: String
    package var cron: String
    package var monitor: String
    /// The last firing time dealt with; when the schedule was made, before the first.
    package var firedAt: Timestamp
    /// The job of the last firing that made one.
    package var job: JobID?
    /// Why the last firing made no job.
    package var lastError: String?
}

extension TrendStore {
    package func add(_ schedule: JobSchedule) async throws {
        try await connection.use { session in
            let made = try session.query(
                """
                INSERT INTO gw.schedule (name, cron, monitor, monitor_yaml, model_version, sources, shard_bytes,
                    shard_posts, skip_missing, lane, weight, priority, max_in_flight, source_rate)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING
                """, .text(schedule.name), .text(schedule.cron), .text(schedule.monitor), .text(schedule.monitorYAML),
                .text(schedule.modelVersion), .texts(schedule.sources), .int8(schedule.shardBytes),
                .int4(Int32(clamping: schedule.shardPosts)), .bool(schedule.skipMissing), .text(schedule.lane.rawValue),
                .int4(Int32(clamping: schedule.share.weight)), .int2(Int16(clamping: schedule.share.priority)),
                .int4(schedule.share.maxInFlight.map { Int32(clamping: $0) }), .double(schedule.share.sourceRate))
            guard made.affected == 1 else { throw StoreError.scheduleExists(name: schedule.name) }
        }
    }

    package func removeSchedule(named name: String) async throws {
        try await connection.use { session in
            let gone = try session.query("DELETE FROM gw.schedule WHERE name = $1", .text(name))
            guard gone.affected == 1 else { throw StoreError.unknownSchedule(name: name) }
        }
    }

    /// All schedules by name, and the server's clock: whoever compares times uses this one.
    package func schedules() async throws -> (schedules: [ScheduleStatus], now: Timestamp) {
        try await connection.use { session in
            // The clock comes first: a schedule made after it is not due by it.
            let now = try session.query("SELECT clock_timestamp()").first.map { $0.microseconds(0) } ?? 0
            let rows = try session.query(
                "SELECT name, cron, monitor, fired_at, job_id, last_error FROM gw.schedule ORDER BY name")
            let schedules = rows.map { row in
                ScheduleStatus(
                    name: row.text(0), cron: row.text(1), monitor: row.text(2),
                    firedAt: Timestamp(microseconds: row.microseconds(3)),
                    job: row.optionalInt(4).map { JobID(rawValue: Int32(truncatingIfNeeded: $0)) },
                    lastError: row.optionalText(5))
            }
            return (schedules, Timestamp(microseconds: now))
        }
    }

    /// A schedule with all that its job needs; `nil` when it was removed.
    package func schedule(named name: String) async throws -> JobSchedule? {
        try await connection.use { session in
            try session.query(
                """
                SELECT cron, monitor, monitor_yaml, model_version, sources, shard_bytes, shard_posts, skip_missing, lane,
                    weight, priority, max_in_flight, source_rate
                FROM gw.schedule WHERE name = $1
                """, .text(name)
            ).first.map { row in
                JobSchedule(
                    name: name, cron: row.text(0), monitor: row.text(1), monitorYAML: row.text(2),
                    modelVersion: row.text(3), sources: row.texts(4), shardBytes: row.int(5),
                    shardPosts: Int(row.int(6)), skipMissing: row.bool(7), lane: Lane(rawValue: row.text(8)) ?? .bulk,
                    share: JobShare(
                        weight: Int(row.int(9)), priority: Int(row.int(10)),
                        maxInFlight: row.optionalInt(11).map { Int($0) }, sourceRate: row.optionalDouble(12)))
            }
        }
    }

    /// Notes that a firing time was dealt with: by a job, or by an error that says why there is none.
    ///
    /// It never goes back: what another coordinator dealt with later stays.
    package func recordFiring(of name: String, at time: Timestamp, job: JobID?, error: String?) async throws {
        try await connection.use { session in
            _ = try session.query(
                """
                UPDATE gw.schedule SET fired_at = $2, job_id = coalesce($3, job_id), last_error = $4
                WHERE name = $1 AND fired_at < $2
                """, .text(name), .timestamp(time), .int4(job?.rawValue), .text(error))
        }
    }
}
