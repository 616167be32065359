package import Domain
internal import Postgres

/// Jobs whose shards keep arriving.
extension TrendStore {
    /// How long a key is remembered: longer than a sender retries, short enough that the table stays small.
    private static let keyMemory = "24 hours"

    /// The live job that counts for this monitor in this version with these models; made if there is none.
    package func openLive(_ submission: JobSubmission) async throws -> JobID {
        try await connection.use { session in
            do {
                guard let job = try Self.arriving(submission, session) else {
                    return try Self.makeArriving(submission, session)
                }
                // What it says of alerts may have changed.
                try session.transaction { try Self.watch(submission, session) }
                return job
            } catch let error as PostgresError where error.sqlState == "23505" {
                // Another one was quicker.
                guard let job = try Self.arriving(submission, session) else { throw error }
                return job
            }
        }
    }

    /// The live job for this monitor in this version with these models, if there is one.
    package func liveJob(_ submission: JobSubmission) async throws -> JobID? {
        try await connection.use { session in try Self.arriving(submission, session) }
    }

    private static func arriving(_ submission: JobSubmission, _ session: PostgresSession) throws -> JobID? {
        try session.query(
            """
            SELECT job_id FROM gw.job
            WHERE monitor = $1 AND monitor_version = $2 AND model_version = $3 AND arriving
            """, .text(submission.monitor), .text(submission.monitorVersion), .text(submission.modelVersion)
        ).first.map { JobID(rawValue: $0.int32(0)) }
    }

    private static func makeArriving(_ submission: JobSubmission, _ session: PostgresSession) throws -> JobID {
        try session.transaction {
            guard let job = try insert(submission, session) else {
                throw PostgresError.misuse("a live job has no key")
            }
            try copyParts(of: submission, to: job, session)
            try session.query("UPDATE gw.job SET arriving = true WHERE job_id = $1", .int4(job.rawValue))
            return job
        }
    }

    /// Lets a live job end when all that it accepted is merged.
    ///
    /// - Throws: `StoreError.notLive` when it takes no posts (any more).
    package func closeLive(_ job: JobID) async throws {
        try await connection.use { session in
            let closed = try session.query(
                "UPDATE gw.job SET arriving = false WHERE job_id = $1 AND arriving", .int4(job.rawValue))
            guard closed.affected == 1 else { throw StoreError.notLive(job) }
        }
    }

    /// A stream of a live job, with the position from which it goes on; made at its first call.
    ///
    /// - Parameter identity: tells streams of one name apart, such as a log file from the one that replaced it.
    package func openSource(
        named name: String, identity: String, format: SourceDescription.Format, of job: JobID
    ) async throws -> LiveSource {
        try await connection.use { session in
            try session.transaction {
                try Self.lockArriving(job, session)
                try session.query(
                    """
                    INSERT INTO gw.source (job_id, source_id, place, name, format, compression, columns, identity)
                    VALUES ($1, (SELECT coalesce(max(source_id) + 1, 0) FROM gw.source WHERE job_id = $1), $2, $3, $4, $5, '{}',
                        $6)
                    ON CONFLICT (job_id, name, identity) WHERE identity IS NOT NULL DO NOTHING
                    """, .int4(job.rawValue), .int2(StoredPlace.arriving.rawValue), .text(name),
                    .int2(Int16(format.rawValue)), .int2(Int16(SourceDescription.Compression.zstd.rawValue)),
                    .text(identity))
                let row = try session.query(
                    "SELECT source_id, position FROM gw.source WHERE job_id = $1 AND name = $2 AND identity = $3",
                    .int4(job.rawValue), .text(name), .text(identity)
                ).first
                guard let row else { throw PostgresError.misuse("a source that exists and does not") }
                return LiveSource(job: job, id: row.int32(0), position: row.int(1))
            }
        }
    }

    private static func lockArriving(_ job: JobID, _ session: PostgresSession) throws {
        let row = try session.query(
            "SELECT arriving FROM gw.job WHERE job_id = $1 FOR NO KEY UPDATE", .int4(job.rawValue)
        ).first
        guard row?.bool(0) == true else { throw StoreError.notLive(job) }
    }

    /// Keeps a batch as the next shard of its job: when this returns, no crash loses it.
    ///
    /// The source must stand where `source` says. After an error that left open whether the batch was written, the same
    /// call settles it.
    ///
    /// - Throws: `StoreError.notLive`; `StoreError.sourceMoved` when somebody else writes for the same source.
    package func accept(_ batch: LiveBatch, from source: LiveSource) async throws -> LiveOutcome {
        try await connection.use { session in
            try session.transaction {
                try Self.lockArriving(source.job, session)
                let end = source.position + batch.length
                let found = try session.query(
                    "SELECT position FROM gw.source WHERE job_id = $1 AND source_id = $2", .int4(source.job.rawValue),
                    .int4(source.id)
                ).first?.int(0)
                if found == end, let shard = try Self.shard(of: batch, from: source, session) {
                    return .accepted(shard)
                }
                guard found == source.position else { throw StoreError.sourceMoved(source.job) }
                let receipts = try Self.receipts(of: batch.keys, in: source.job, session)
                guard receipts.isEmpty else { return .known(receipts) }
                return .accepted(try Self.insert(batch, from: source, session))
            }
        }
    }

    /// The shard of a batch that was written before, looked for from the newest on.
    private static func shard(
        of batch: LiveBatch, from source: LiveSource, _ session: PostgresSession
    ) throws -> ShardID? {
        try session.query(
            """
            SELECT job_id, idx FROM gw.shard
            WHERE job_id = $1 AND source_id = $2 AND byte_offset = $3 AND byte_length = $4
            ORDER BY idx DESC LIMIT 1
            """, .int4(source.job.rawValue), .int4(source.id), .int8(source.position + batch.shift),
            .int8(batch.length)
        ).first.map(ShardID.init(row:))
    }

    private static func receipts(
        of keys: [LiveBatch.Key], in job: JobID, _ session: PostgresSession
    ) throws -> [LiveReceipt] {
        guard !keys.isEmpty else { return [] }
        return try session.query(
            "SELECT job_id, idx, key, digest, posts FROM gw.receipt WHERE job_id = $1 AND key = ANY($2)",
            .int4(job.rawValue), .texts(keys.map(\.name))
        ).map { row in
            LiveReceipt(
                key: .init(name: row.text(2), digest: row.bytes(3), posts: Int(row.int(4))), shard: ShardID(row: row))
        }
    }

    private static func insert(
        _ batch: LiveBatch, from source: LiveSource, _ session: PostgresSession
    ) throws -> ShardID {
        let job = source.job
        let index = try session.query(
            "UPDATE gw.job SET shards = shards + 1 WHERE job_id = $1 RETURNING shards - 1", .int4(job.rawValue)
        ).first?.int32(0)
        guard let index else { throw StoreError.notLive(job) }
        let shard = ShardID(job: job, index: UInt32(bitPattern: index))
        try session.query(
            "UPDATE gw.source SET position = position + $3 WHERE job_id = $1 AND source_id = $2",
            .int4(job.rawValue), .int4(source.id), .int8(batch.length))
        try session.query(
            "INSERT INTO gw.payload (job_id, name, body) VALUES ($1, $2, $3)", .int4(job.rawValue),
            .text(StoredPlace.payloadName(ofArrived: shard)), .bytea(batch.payload))
        try session.query(
            """
            INSERT INTO gw.shard (job_id, idx, source_id, byte_offset, byte_length, received_at, latest)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """, .int4(job.rawValue), .int4(index), .int4(source.id), .int8(source.position + batch.shift),
            .int8(batch.length), .timestamp(batch.receivedAt),
            .timestamp(microseconds: batch.latest.map { $0.milliseconds * 1000 }))
        guard !batch.keys.isEmpty else { return shard }
        try session.query(
            """
            INSERT INTO gw.receipt (job_id, key, digest, idx, posts, received_at)
            SELECT $1, key, digest, $2, posts, $3 FROM unnest($4, $5, $6) u(key, digest, posts)
            """, .int4(job.rawValue), .int4(index), .timestamp(batch.receivedAt), .texts(batch.keys.map(\.name)),
            .byteas(batch.keys.map(\.digest)), .int4s(batch.keys.map { Int32(clamping: $0.posts) }))
        return shard
    }

    /// Deletes the payloads of live shards, in the transaction that counts them.
    static func dropArrived(_ shards: [ShardID], _ session: PostgresSession) throws {
        guard !shards.isEmpty else { return }
        try session.query(
            "DELETE FROM gw.payload p USING unnest($1, $2) u(job_id, name) WHERE p.job_id = u.job_id AND p.name = u.name",
            .jobs(shards), .texts(shards.map(StoredPlace.payloadName(ofArrived:))))
    }

    /// How many batches of a live job were accepted and are neither merged nor dead.
    package func backlog(of job: JobID) async throws -> Int {
        try await connection.use { session in
            try session.query("SELECT gw.backlog($1)", .int4(job.rawValue)).first.map { Int($0.int(0)) } ?? 0
        }
    }
}
