package import Anomalies
internal import Domain
internal import Foundation
internal import Postgres
internal import Trends

/// Brands whose series are watched.
///
/// What a worker asks is a function of the database, so that its role needs no right on tables.
extension TrendStore {
    /// Tells the watches what can be judged: a duty of the coordinator.
    package func markDueWatches(patience: LivePatience = LivePatience()) async throws {
        try await connection.use { session in
            _ = try session.query(
                "SELECT gw.mark_due(make_interval(secs => $1))", .double(Double(patience.lateness.components.seconds)))
        }
    }

    /// Judges the watched brand that waits longest, in one transaction that holds its lock.
    ///
    /// - Parameter judge: may run again after a conflict. When it throws, the brand is put off and others have their turn.
    /// - Returns: whose brand was judged, and what is told of it; `nil` when none waits.
    package func judgeNext(
        _ judge: @escaping @Sendable (WatchClaim, any WatchEvidence) throws -> WatchVerdict
    ) async throws -> (claim: WatchClaim, messages: [AlertMessage])? {
        try await connection.use { session in
            var claimed: WatchClaim?
            do {
                return try session.transaction {
                    claimed = try Self.takeWatch(session)
                    guard let claim = claimed else { return nil }
                    let verdict = try judge(claim, SessionEvidence(claim: claim, session: session))
                    return (claim, try Self.settle(claim, verdict, session))
                }
            } catch {
                if let claimed, !Self.isOutage(error) {
                    _ = try? session.query("SELECT gw.defer_watch($1)", .int4(claimed.watch))
                }
                throw error
            }
        }
    }

    private static func takeWatch(_ session: PostgresSession) throws -> WatchClaim? {
        try session.query(
            """
            SELECT watch_id, monitor, brand, seconds, due_jobs::text[], due_from, due_until, changed_from, state,
                monitor_yaml
            FROM gw.take_watch()
            """
        ).first.map { row in
            WatchClaim(
                watch: row.int32(0), monitor: row.text(1), brand: row.text(2), seconds: row.int(3),
                jobs: row.texts(4).compactMap(Int32.init), begin: row.seconds(5), until: row.seconds(6),
                changedFrom: row.optionalMicroseconds(7).map { Timestamp(microseconds: $0).seconds },
                state: row.optionalBytes(8), monitorYAML: row.text(9))
        }
    }

    private static func settle(
        _ claim: WatchClaim, _ verdict: WatchVerdict, _ session: PostgresSession
    ) throws -> [AlertMessage] {
        let rows = try session.query(
            "SELECT id, found_then, updated_now FROM gw.settle_watch($1, $2, $3, $4, $5::text::jsonb) ORDER BY place",
            .int4(claim.watch), .int4s(claim.jobs), .timestamp(Timestamp(seconds: verdict.until)),
            .bytea(verdict.state), .text(try AnomalyJSON.text(of: verdict.changes.map(\.record))))
        let messages = zip(rows, verdict.changes).compactMap { row, change in
            change.event.map { event in
                AlertMessage(
                    event, change.record, id: row.int(0), monitor: claim.monitor, brand: claim.brand,
                    seconds: claim.seconds, foundAt: Timestamp(microseconds: row.microseconds(1)),
                    updatedAt: Timestamp(microseconds: row.microseconds(2)))
            }
        }
        for message in messages { try tell(message, verdict, session) }
        return messages
    }

    /// Writes a message into the outbox, for the channels of the monitor, where its rules want it.
    private static func tell(_ message: AlertMessage, _ verdict: WatchVerdict, _ session: PostgresSession) throws {
        guard !verdict.channels.isEmpty else { return }
        let wasTold = try session.query("SELECT gw.was_told($1)", .int8(message.anomaly)).first?.bool(0)
        let earliest: Timestamp
        switch verdict.rules.decide(message, at: message.updatedAt, wasTold: wasTold) {
        case .now: earliest = message.updatedAt
        case .after(let time): earliest = time
        case .not: return
        }
        try session.query(
            "SELECT gw.tell($1, $2, $3, $4::text::jsonb, $5, $6)", .int8(message.anomaly),
            .int4(Int32(clamping: message.revision)), .text(message.event.rawValue),
            .text(String(decoding: try message.json(), as: UTF8.self)), .timestamp(earliest),
            .texts(verdict.channels))
    }

    /// Watches a monitor's brands as it says now, in the transaction of its submission.
    static func watch(_ submission: JobSubmission, _ session: PostgresSession) throws {
        let brands = submission.alertSeconds == nil ? [] : submission.brands.map(\.name).sorted()
        try session.query(
            "DELETE FROM gw.watch WHERE monitor = $1 AND brand <> ALL ($2)", .text(submission.monitor), .texts(brands))
        guard let seconds = submission.alertSeconds else {
            try session.query("DELETE FROM gw.alerting WHERE monitor = $1", .text(submission.monitor))
            return
        }
        let changed = try session.query(
            """
            INSERT INTO gw.alerting AS t (monitor, monitor_yaml) VALUES ($1, $2)
            ON CONFLICT (monitor) DO UPDATE SET monitor_yaml = excluded.monitor_yaml
            WHERE t.monitor_yaml <> excluded.monitor_yaml
            """, .text(submission.monitor), .text(submission.monitorYAML))
        guard changed.affected > 0 else { return }
        try session.query(
            """
            INSERT INTO gw.watch AS t (monitor, brand, seconds) SELECT $1, unnest($2), $3
            ON CONFLICT (monitor, brand) DO UPDATE SET seconds = excluded.seconds, judged_until = NULL,
                state = CASE WHEN t.seconds = excluded.seconds THEN t.state END
            """, .text(submission.monitor), .texts(brands), .int4(Int32(clamping: seconds)))
    }
}

/// The evidence of one claim.
private struct SessionEvidence: WatchEvidence {
    let claim: WatchClaim
    let session: PostgresSession

    func windows(since: Int64, until: Int64, platform: Platform?, withAuthors: Bool) throws -> [Int64: WindowTotals] {
        let rows = try session.query(
            """
            SELECT window_start, posts, authors, negative, neutral, positive, engagement, reach
            FROM gw.windows($1, $2, $3, $4, $5, $6, $7)
            """, .int4s(claim.jobs), .text(claim.brand), .int2(platform.map { Int16($0.rawValue) }),
            .int4(Int32(clamping: claim.seconds)), .timestamp(Timestamp(seconds: since)),
            .timestamp(Timestamp(seconds: until)), .bool(withAuthors))
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.seconds(0), WindowTotals(row: $0)) })
    }

    func voices(since: Int64, until: Int64) throws -> [Int64: Voices] {
        var voices: [Int64: Voices] = [:]
        let rows = try session.query(
            "SELECT window_start, body FROM gw.watch_voices($1, $2, $3, $4)", .int4s(claim.jobs), .text(claim.brand),
            .timestamp(Timestamp(seconds: since)), .timestamp(Timestamp(seconds: until)))
        for row in rows { voices[row.seconds(0), default: Voices()].merge(try Voices(encoded: row.bytes(1))) }
        return voices
    }

    func anomalies(since: Int64) throws -> [AnomalyRecord] {
        try session.query(
            """
            SELECT anomaly_id, platform, metric, started_at, ended_at, kind, stage, peak_at, peak_value, value, expected,
                return_days, budget_days, news_at, posts, drivers::text, examples::text, detector, revision
            FROM gw.watch_anomalies($1, $2)
            """, .int4(claim.watch), .timestamp(Timestamp(seconds: since))
        ).compactMap(AnomalyRecord.init(row:))
    }
}

extension WindowTotals {
    /// From the columns 1 to 7 of `gw.windows`.
    init(row: PostgresRow) {
        self.init(
            posts: row.int(1), authors: row.int(2), negative: row.int(3), neutral: row.int(4), positive: row.int(5),
            engagement: row.int(6), reach: row.int(7))
    }
}

extension AnomalyRecord {
    /// `nil` for a metric of a later version.
    fileprivate init?(row: PostgresRow) {
        guard let metric = SeriesMetric(rawValue: UInt8(truncatingIfNeeded: row.int(2))),
            let kind = AlertMessage.Kind(rawValue: row.text(5)), let stage = AlertMessage.Stage(rawValue: row.text(6))
        else { return nil }
        let platform = row.int(1) < 0 ? nil : Platform(rawValue: UInt8(truncatingIfNeeded: row.int(1)))
        self.init(
            key: SeriesKey(platform: platform, metric: metric), start: row.seconds(3), end: row.seconds(4),
            stage: stage, peak: row.seconds(7), peakValue: row.double(8), news: row.seconds(13), value: row.double(9),
            expected: row.double(10), returnDays: row.double(11), budgetDays: row.double(12), detector: row.text(17))
        id = row.int(0)
        self.kind = kind
        posts = row.int(14)
        drivers = AnomalyJSON.list(row.text(15))
        examples = AnomalyJSON.list(row.text(16))
        revision = Int(row.int(18))
    }
}

extension PostgresRow {
    /// Whole seconds since 1970.
    func seconds(_ column: Int) -> Int64 { Timestamp(microseconds: microseconds(column)).seconds }
}
