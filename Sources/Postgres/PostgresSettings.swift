/// How to reach a server and how to behave there.
package struct PostgresSettings: Sendable {
    /// A libpq URL or `key=value` string.
    ///
    /// It may hold a password, so it is never printed.
    package var url: String
    /// Shown in `pg_stat_activity`.
    package var applicationName = "groundswell"
    /// Seconds to wait for a connection to each address.
    ///
    /// Five is longer than a restart's blackout on a good network, and
    /// short enough for a shutdown to wait out.
    package var connectTimeoutSeconds = 5
    /// The longest statement; `nil` for none.
    ///
    /// A merge takes well under a second, a submit of millions of shards minutes.
    package var statementTimeoutSeconds: Int? = 600
    /// Statements to run on each new connection, before the first call.
    package var onConnect: String?
    /// Takes the server's notices and warnings.
    package var onNotice: (@Sendable (PostgresNotice) -> Void)?

    /// How long a transaction may wait for this process's next statement.
    ///
    /// A process that was stopped, or whose network broke without a word, must not keep its locks: all others that merge
    /// the same rows wait for them. Between two statements of a transaction lie milliseconds.
    private static let idleTransactionSeconds = 10

    package init(url: String) { self.url = url }

    /// The connection's own settings: the world's time is UTC, dead peers are noticed within half a minute.
    var startupStatements: String {
        let statement = (statementTimeoutSeconds ?? 0) * 1000
        return """
            SET TimeZone = 'UTC'; SET statement_timeout = \(statement); \
            SET idle_in_transaction_session_timeout = '\(Self.idleTransactionSeconds)s';
            """ + (onConnect.map { " \($0)" } ?? "")
    }

    /// Keywords for libpq.
    ///
    /// Those before `dbname` are defaults that the URL overrides.
    var keywords: [(String, String)] {
        [
            ("fallback_application_name", applicationName), ("client_encoding", "UTF8"),
            ("connect_timeout", String(connectTimeoutSeconds)), ("keepalives_idle", "10"),
            ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "25000"), ("dbname", url),
        ]
    }
}

/// A message that the server sends besides results.
package struct PostgresNotice: Equatable, Sendable {
    /// `WARNING`, `NOTICE`, `INFO`, …, not translated.
    package var severity: String
    package var message: String

    package init(severity: String, message: String) {
        self.severity = severity
        self.message = message
    }
}
