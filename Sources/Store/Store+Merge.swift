package import Domain
internal import Postgres

/// What `merge` did with each shard.
package struct MergeOutcome: Equatable, Sendable {
    package var merged: [ShardID] = []
    /// Counted before, or named before in the same call.
    package var duplicates: [ShardID] = []
    /// Of a job that was cancelled or forgotten.
    package var dropped: [ShardID] = []

    package init() {}
}

/// The steps of a merge, for tests that end the process between two of them.
package enum MergeStep: String, CaseIterable, Sendable {
    case begun
    case ledgerWritten
    case rowsWritten
    case committed
}

extension TrendStore {
    /// Merges results into the rollups, each shard at most once however often it comes, in one transaction.
    ///
    /// Whoever writes a shard's ledger row first merges it; the row and the sums are there together or not at all. After
    /// an error nothing is merged, or (when the connection broke during the commit) all: calling again settles it.
    ///
    /// - Parameter step: told each step as it is reached.
    package func merge(
        _ items: [MergeItem], step: @escaping @Sendable (MergeStep) -> Void = { _ in }
    ) async throws -> MergeOutcome {
        guard !items.isEmpty else { return MergeOutcome() }
        var firsts: [ShardID: MergeItem] = [:]
        for item in items where firsts[item.shard] == nil { firsts[item.shard] = item }
        let unique = firsts.values.sorted { $0.shard < $1.shard }
        // Nearly always all are new: folding happens before the transaction, while nobody waits for its locks.
        let batch = MergeBatch(unique)
        var outcome = try await connection.use { session in
            do {
                return try merge(unique, batch, session, step)
            } catch let error as PostgresError where error.sqlState == "42P01" {
                partitions.removeAll()
                return try merge(unique, batch, session, step)
            }
        }
        step(.committed)
        if unique.count < items.count {
            var seen: Set<ShardID> = []
            outcome.duplicates += items.map(\.shard).filter { !seen.insert($0).inserted }
        }
        return outcome
    }

    private func merge(
        _ items: [MergeItem], _ whole: MergeBatch, _ session: PostgresSession, _ step: (MergeStep) -> Void
    ) throws -> MergeOutcome {
        try partitions.ensure(whole.partitions, session)
        return try session.transaction {
            step(.begun)
            var outcome = MergeOutcome()
            let open = try Self.lockOpenJobs(Set(items.map(\.shard.job)), session)
            let wanted = items.filter { open[$0.shard.job] != nil }
            outcome.dropped = items.filter { open[$0.shard.job] == nil }.map(\.shard)
            let fresh = try Self.enter(wanted, session)
            step(.ledgerWritten)
            for item in wanted {
                if fresh.contains(item.shard) {
                    outcome.merged.append(item.shard)
                } else {
                    outcome.duplicates.append(item.shard)
                }
            }
            guard !fresh.isEmpty else { return outcome }
            let isWhole = fresh.count == items.count
            try Self.write(isWhole ? whole : MergeBatch(wanted.filter { fresh.contains($0.shard) }), session)
            try Self.dropArrived(outcome.merged.filter { open[$0.job] == .live }, session)
            step(.rowsWritten)
            return outcome
        }
    }

    /// The jobs that take results, with their lanes.
    ///
    /// The lock keeps `forget` out until the merge is done, and nobody else.
    private static func lockOpenJobs(_ jobs: Set<JobID>, _ session: PostgresSession) throws -> [JobID: Lane] {
        let rows = try session.query(
            """
            SELECT job_id, lane FROM gw.job WHERE job_id = ANY($1) AND state <> 'cancelled' ORDER BY job_id FOR KEY SHARE
            """, .int4s(jobs.map(\.rawValue).sorted()))
        return Dictionary(
            uniqueKeysWithValues: rows.map { (JobID(rawValue: $0.int32(0)), Lane(rawValue: $0.text(1)) ?? .bulk) })
    }

    /// Writes ledger rows and returns the shards that had none.
    ///
    /// A shard that another transaction is entering now is
    /// waited for.
    private static func enter(_ items: [MergeItem], _ session: PostgresSession) throws -> Set<ShardID> {
        let rows = try session.query(
            """
            INSERT INTO gw.ledger (job_id, idx, attempt, digest)
            SELECT job_id, idx, attempt, nullif(digest, '') FROM unnest($1, $2, $3, $4) u(job_id, idx, attempt, digest)
            ON CONFLICT DO NOTHING RETURNING job_id, idx
            """, .jobs(items.map(\.shard)), .indices(items.map(\.shard)),
            .int2s(items.map { Int16(clamping: $0.attempt) }), .byteas(items.map { $0.digest ?? [] }))
        return Set(rows.map(ShardID.init(row:)))
    }

    /// Rollups, terms, examples, voices, quarantine, totals: always in this order, each sorted, so that no two merges deadlock.
    ///
    /// Merges at the same time write different slots, so they meet only in examples, in those of the same post.
    private static func write(_ batch: MergeBatch, _ session: PostgresSession) throws {
        let slot = try session.query("SELECT gw.take_slot()").first?.int16(0) ?? 0
        for rows in batch.rollups.chunks(limit: rowsPerStatement, by: \.partition) {
            try upsert(rows, batch.measures, slot: slot, session)
        }
        for rows in batch.terms.chunks(limit: rowsPerStatement, by: \.partition) {
            try upsert(rows, slot: slot, session)
        }
        for rows in batch.examples.chunks(limit: rowsPerStatement, by: { _ in 0 }) { try insert(rows, session) }
        for rows in batch.voices.chunks(limit: rowsPerStatement / 8, by: { _ in 0 }) {
            try merge(rows, slot: slot, session)
        }
        for rows in batch.quarantine.chunks(limit: rowsPerStatement, by: { _ in 0 }) { try insert(rows, session) }
        for total in batch.totals { try add(total, slot: slot, session) }
    }

    /// Upserts of 1,000 to 5,000 rows were measured fastest; larger ones only need more memory.
    private static let rowsPerStatement = 4000
}

extension Array {
    /// Runs of neighbours that share a key, cut at `limit`.
    func chunks<Key: Equatable>(limit: Int, by key: (Element) -> Key) -> [ArraySlice<Element>] {
        var chunks: [ArraySlice<Element>] = []
        var start = startIndex
        while start < endIndex {
            let shared = key(self[start])
            var end = start + 1
            while end < endIndex, end - start < limit, key(self[end]) == shared { end += 1 }
            chunks.append(self[start..<end])
            start = end
        }
        return chunks
    }
}
