package import Domain
internal import Postgres

extension TrendStore {
    /// Writes a job and all its shards in one transaction: either all of it is there or nothing.
    ///
    /// - Parameter shards: read once, while they are written; millions may be made on the fly.
    package func submit(
        _ submission: JobSubmission, shards: some Sequence<ShardSlice> & Sendable
    ) async throws -> SubmitOutcome {
        try await connection.use { session in
            try session.transaction {
                if let existing = try Self.job(withKey: submission.key, session) { return existing }
                guard let job = try Self.insert(submission, session) else {
                    // Another submit with the key ended while this one waited for it.
                    if let existing = try Self.job(withKey: submission.key, session) { return existing }
                    throw PostgresError.misuse("a job that exists and does not")
                }
                try Self.copyParts(of: submission, to: job, session)
                let count = try Self.copy(shards, to: job, sources: submission.sources.count, session)
                try session.query(
                    "UPDATE gw.job SET shards = $2 WHERE job_id = $1", .int4(job.rawValue), .int4(Int32(count)))
                return SubmitOutcome(job: job, shards: count, isNew: true)
            }
        }
    }

    private static func job(withKey key: String?, _ session: PostgresSession) throws -> SubmitOutcome? {
        guard let key else { return nil }
        return try session.query("SELECT job_id, shards FROM gw.job WHERE key = $1", .text(key)).first.map { row in
            SubmitOutcome(job: JobID(rawValue: row.int32(0)), shards: Int(row.int(1)), isNew: false)
        }
    }

    static func insert(_ submission: JobSubmission, _ session: PostgresSession) throws -> JobID? {
        try session.query(
            """
            INSERT INTO gw.job (key, monitor, monitor_yaml, monitor_version, model_version, lane, weight, priority,
                max_in_flight, source_rate)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key) DO NOTHING RETURNING job_id
            """,
            .text(submission.key), .text(submission.monitor), .text(submission.monitorYAML),
            .text(submission.monitorVersion), .text(submission.modelVersion), .text(submission.lane.rawValue),
            .int4(Int32(clamping: max(1, submission.share.weight))), .int2(Int16(clamping: submission.share.priority)),
            .int4(submission.share.maxInFlight.map { Int32(clamping: max(1, $0)) }),
            .double(submission.share.sourceRate)
        ).first.map { JobID(rawValue: $0.int32(0)) }
    }

    static func copyParts(
        of submission: JobSubmission, to job: JobID, _ session: PostgresSession
    ) throws {
        try session.copy(into: "gw.brand", columns: ["job_id", "brand", "name", "query"]) { copy in
            for (index, brand) in submission.brands.enumerated() {
                try copy.row()
                copy.int4(job.rawValue)
                copy.int4(Int32(index))
                copy.text(brand.name)
                copy.text(brand.query)
            }
        }
        try watch(submission, session)
        let columns = ["job_id", "source_id", "place", "name", "format", "compression", "columns"]
        try session.copy(into: "gw.source", columns: columns) { copy in
            for (index, source) in submission.sources.enumerated() {
                try copy.row()
                copy.int4(job.rawValue)
                copy.int4(Int32(index))
                copy.int2(StoredPlace(source.place).rawValue)
                copy.text(source.name)
                copy.int2(Int16(source.format.rawValue))
                copy.int2(Int16(source.compression.rawValue))
                copy.texts(source.columns)
            }
        }
        try session.copy(into: "gw.payload", columns: ["job_id", "name", "body"]) { copy in
            for (name, body) in submission.payloads {
                try copy.row()
                copy.int4(job.rawValue)
                copy.text(name)
                copy.bytea(body)
            }
        }
    }

    private static func copy(
        _ shards: some Sequence<ShardSlice>, to job: JobID, sources: Int, _ session: PostgresSession
    ) throws -> Int {
        var count = 0
        let columns = ["job_id", "idx", "source_id", "byte_offset", "byte_length"]
        try session.copy(into: "gw.shard", columns: columns) { copy in
            for shard in shards {
                precondition(shard.source >= 0 && shard.source < sources, "source \(shard.source) of \(sources)")
                precondition(count < Int32.max, "a job has at most \(Int32.max) shards")
                try copy.row()
                copy.int4(job.rawValue)
                copy.int4(Int32(count))
                copy.int4(Int32(shard.source))
                copy.int8(shard.offset)
                copy.int8(shard.length)
                count += 1
            }
        }
        return count
    }
}

/// How `gw.source.place` names the kinds of places.
enum StoredPlace: Int16 {
    case file = 0
    case payload = 1
    /// What arrives in a live job: each shard is a payload of its own.
    case arriving = 2

    init(_ place: SourceDescription.Place) {
        switch place {
        case .file: self = .file
        case .payload: self = .payload
        }
    }

    func place(named name: String, of shard: ShardID) -> SourceDescription.Place {
        switch self {
        case .file: .file(path: name)
        case .payload: .payload(name: name)
        case .arriving: .payload(name: Self.payloadName(ofArrived: shard))
        }
    }

    /// The name of a live shard's payload; `gw.drop_arrived` of the database knows it too.
    static func payloadName(ofArrived shard: ShardID) -> String { "batch-\(shard.index)" }
}
