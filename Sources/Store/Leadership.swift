internal import Postgres

/// The right to coordinate, held as long as its connection lives and asks now and then.
///
/// An advisory lock of a connection of its own, which the server itself ends when it was silent for
/// ``Leadership/silence``. So the server's clock alone decides, and a leader that crashed, was cut off, or hangs with
/// its connection open (a stopped process, a frozen machine) all lose the lead in the same way.
///
/// A hung leader that wakes may finish the step it was in, beside its successor. That costs repeated work at most:
/// cursors only move forward and after the sending, a generation is raised only from the one that was read, jobs end
/// and retries become due once, a scheduled job has a key, and what is sent twice the ledger counts once.
package struct Leadership: Sendable {
    /// A leader that asks nothing for so long loses the lead: six of its looks, and less than the five seconds within
    /// which another must lead.
    package static let silence = Duration.seconds(3)

    private let connection: PostgresConnection
    private let epoch: Int

    fileprivate init(connection: PostgresConnection, epoch: Int) {
        self.connection = connection
        self.epoch = epoch
    }

    /// Asks the server whether the lock's connection is still there, which also keeps it.
    ///
    /// False means that somebody else may lead by now.
    package func isHeld() async throws -> Bool {
        do {
            return try await connection.use { session in
                try session.query("SELECT 1")
                return session.epoch == epoch
            }
        } catch let error as PostgresError where error.isTransient {
            return false
        }
    }

    /// Lets another one lead at once.
    package func resign() async { await connection.close() }
}

extension TrendStore {
    /// Takes the lead if nobody has it; `nil` when somebody has.
    ///
    /// - Parameter silence: after how long without a look at it the server frees the lead, in whole seconds.
    package func tryLead(silence: Duration = Leadership.silence) async throws -> Leadership? {
        guard try await !isLed() else { return nil }
        var settings = settings
        settings.applicationName += "-leader"
        settings.onConnect = "SET idle_session_timeout = '\(silence.components.seconds)s'"
        let connection = PostgresConnection(settings)
        let epoch: Int? = try await connection.use { session in
            let rows = try session.query("SELECT pg_try_advisory_lock($1)", .int8(AdvisoryLock.leadership))
            return rows.first?.bool(0) == true ? session.epoch : nil
        }
        guard let epoch else {
            await connection.close()
            return nil
        }
        return Leadership(connection: connection, epoch: epoch)
    }

    /// A look at the lock: a standby asks often, and a connection for each try would cost the server a process.
    private func isLed() async throws -> Bool {
        try await connection.use { session in
            try session.query(
                """
                SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    AND classid::bigint = $1 >> 32 AND objid::bigint = $1 & 4294967295)
                """, .int8(AdvisoryLock.leadership)
            ).first?.bool(0) ?? false
        }
    }
}
