package import Domain
internal import Postgres

/// How a shard stands when a worker has leased it.
package enum ShardStanding: Equatable, Sendable {
    /// It needs work.
    case waiting(ShardDescription)
    /// Its result counts already.
    case merged
    /// It was set aside after repeated failures.
    case dead
    /// Its job was cancelled.
    case cancelled
    /// Its job was paused; when it goes on, the coordinator sends the shard again.
    case paused
}

/// What all shards of a job share.
package struct JobSpecification: Equatable, Sendable {
    package var monitorYAML: String
    package var monitorVersion: String
    package var modelVersion: String
    package var submittedAt: Timestamp
}

/// What a worker asks: every call is a function of the database, so that its role needs no right on tables.
extension TrendStore {
    /// Where shards are and how they stand, in one round trip.
    ///
    /// Shards that do not exist (any more) are left out.
    package func describe(_ shards: [ShardID]) async throws -> [ShardID: ShardStanding] {
        var standings: [ShardID: ShardStanding] = [:]
        for row in try await describedRows(shards) {
            let shard = shards[Int(row.int(0)) - 1]
            standings[shard] = Self.standing(of: shard, row)
        }
        return standings
    }

    private static func standing(of shard: ShardID, _ row: PostgresRow) -> ShardStanding {
        if row.bool(2) { return .merged }
        if row.text(1) == JobState.cancelled.rawValue { return .cancelled }
        if row.bool(3) { return .dead }
        if row.text(1) == JobState.paused.rawValue { return .paused }
        return .waiting(description(of: shard, row))
    }

    private static func description(of shard: ShardID, _ row: PostgresRow) -> ShardDescription {
        let source = SourceDescription(
            place: (StoredPlace(rawValue: row.int16(4)) ?? .file).place(named: row.text(5), of: shard),
            format: SourceDescription.Format(rawValue: UInt8(row.int(6))) ?? .jsonLines,
            compression: SourceDescription.Compression(rawValue: UInt8(row.int(7))) ?? .none,
            columns: row.texts(8))
        return ShardDescription(
            id: shard, source: source, offset: row.int(9), length: row.int(10), attempt: Int(row.int(11)),
            deaths: Int(row.int(12)), receivedAt: row.optionalMicroseconds(13).map { Timestamp(microseconds: $0) })
    }

    /// The merged ones of some shards, in the order asked for: what a second count of a job must read.
    package func mergedShards(_ shards: [ShardID]) async throws -> [ShardDescription] {
        try await describedRows(shards).filter { $0.bool(2) }.map { row in
            Self.description(of: shards[Int(row.int(0)) - 1], row)
        }
    }

    private func describedRows(_ shards: [ShardID]) async throws -> [PostgresRow] {
        guard !shards.isEmpty else { return [] }
        return try await connection.use { session in
            try session.query(
                """
                SELECT ord, state, merged, dead, place, name, format, compression, columns, byte_offset, byte_length, attempt,
                    deaths, received_at
                FROM gw.describe($1, $2) ORDER BY ord
                """, .jobs(shards), .indices(shards)
            ).map { $0 }
        }
    }

    /// The bytes of a source that is kept in PostgreSQL.
    package func payload(named name: String, of job: JobID) async throws -> [UInt8] {
        let body = try await connection.use { session in
            try session.query("SELECT gw.payload($1, $2)", .int4(job.rawValue), .text(name)).first?.optionalBytes(0)
        }
        guard let body else { throw StoreError.unknownPayload(name: name, job: job) }
        return body
    }

    /// What the shards of a job share; it never changes, so callers keep it.
    package func specification(of job: JobID) async throws -> JobSpecification {
        try await connection.use { session in
            let rows = try session.query(
                "SELECT monitor_yaml, monitor_version, model_version, submitted_at FROM gw.specification($1)",
                .int4(job.rawValue))
            guard let row = rows.first else { throw StoreError.unknownJob(job) }
            return JobSpecification(
                monitorYAML: row.text(0), monitorVersion: row.text(1), modelVersion: row.text(2),
                submittedAt: Timestamp(microseconds: row.microseconds(3)))
        }
    }

    /// How jobs stand now; those that were forgotten are left out.
    package func states(of jobs: Set<JobID>) async throws -> [JobID: JobState] {
        guard !jobs.isEmpty else { return [:] }
        return try await connection.use { session in
            let rows = try session.query(
                "SELECT job_id, state FROM gw.job_states($1)", .int4s(jobs.map(\.rawValue).sorted()))
            return Dictionary(
                uniqueKeysWithValues: rows.map {
                    (JobID(rawValue: $0.int32(0)), JobState(rawValue: $0.text(1)) ?? .running)
                })
        }
    }

    /// Notes that leases ended without a word.
    ///
    /// A shard whose tenth lease ends so is dead.
    package func recordReclaims(_ shards: [ShardID]) async throws {
        guard !shards.isEmpty else { return }
        try await connection.use { session in
            _ = try session.query("SELECT gw.record_reclaims($1, $2)", .jobs(shards), .indices(shards))
        }
    }

    /// Notes an error.
    ///
    /// The shard is due again after a random, growing time; after five errors, or one that is permanent,
    /// it is dead.
    ///
    /// - Returns: whether the shard is dead now.
    @discardableResult
    package func recordFailure(_ shard: ShardID, reason: String, isPermanent: Bool) async throws -> Bool {
        try await connection.use { session in
            try session.query(
                "SELECT gw.record_failure($1, $2, $3, $4)", .int4(shard.job.rawValue),
                .int4(Int32(bitPattern: shard.index)), .text(reason), .bool(isPermanent)
            ).first?.bool(0) ?? false
        }
    }
}

extension PostgresParameter {
    /// The job numbers of shards.
    static func jobs(_ shards: [ShardID]) -> Self { .int4s(shards.map(\.job.rawValue)) }

    /// The shards' indices within their jobs.
    static func indices(_ shards: [ShardID]) -> Self { .int4s(shards.map { Int32(bitPattern: $0.index) }) }

    static func timestamp(_ time: Timestamp) -> Self { .timestamp(microseconds: time.milliseconds * 1000) }
}

extension Timestamp {
    /// Rounded towards the past.
    init(microseconds: Int64) {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1000)
        self.init(milliseconds: remainder < 0 ? quotient - 1 : quotient)
    }
}
