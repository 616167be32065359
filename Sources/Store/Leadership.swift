internal import Postgres

/// The right to coordinate, held as long as its connection lives.
///
/// An advisory lock of a connection of its own: when the process or its network dies the server frees the lock, and no
/// clock is compared with another.
package struct Leadership: Sendable {
    private let connection: PostgresConnection
    private let epoch: Int

    fileprivate init(connection: PostgresConnection, epoch: Int) {
        self.connection = connection
        self.epoch = epoch
    }

    /// Asks the server whether the lock's connection is still there.
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
    package func tryLead() async throws -> Leadership? {
        var settings = settings
        settings.applicationName += "-leader"
        // The server looks after a silent leader within seconds, so that a standby takes over soon. On a socket of the
        // same machine these settings do nothing and are not needed.
        settings.onConnect = """
            SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2;
            SET tcp_user_timeout = 4000
            """
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
}
