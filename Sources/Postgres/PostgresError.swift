/// What can go wrong between a caller and PostgreSQL.
///
/// No text of it ever holds a password.
package enum PostgresError: Error, Equatable, Sendable {
    /// The URL cannot be read.
    case invalidURL(reason: String)
    /// No connection could be made; `target` is `user@host:port/database`.
    case unreachable(target: String, reason: String)
    /// The connection broke in the middle of a call: whether the statement took effect is unknown.
    case lost(target: String, reason: String)
    /// The server refused a statement.
    case server(sqlState: String, message: String, detail: String?)
    /// The call is wrong: a result of another shape than asked for, a transaction inside a transaction.
    case misuse(String)
}

extension PostgresError {
    /// The server's five-character error code, for errors that have one.
    package var sqlState: String? {
        guard case .server(let sqlState, _, _) = self else { return nil }
        return sqlState
    }

    /// Whether the same transaction may succeed when it is run again at once: serialization failure or deadlock.
    package var isConflict: Bool { sqlState == "40001" || sqlState == "40P01" }

    /// Whether waiting helps: the server is away, starting, stopping or short of connections.
    package var isTransient: Bool {
        switch self {
        case .invalidURL, .misuse: false
        case .unreachable(_, let reason): !Self.permanentReasons.contains { reason.contains($0) }
        case .lost: true
        case .server(let state, _, _):
            isConflict || state.hasPrefix("08") || state.hasPrefix("53") || state.hasPrefix("57P") || state == "55P03"
                || state == "25P03"
        }
    }

    /// Refusals that stay until a person changes something.
    private static let permanentReasons = [
        "authentication failed", "no password supplied", "does not exist", "no pg_hba.conf entry", "is not permitted",
        "certificate", "root.crt", "unknown ca", "does not support SSL",
    ]
}

extension PostgresError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidURL(let reason): "the PostgreSQL URL cannot be read: \(reason)"
        case .unreachable(let target, let reason): "cannot connect to PostgreSQL at \(target): \(reason)"
        case .lost(let target, let reason): "the connection to PostgreSQL at \(target) broke: \(reason)"
        case .server(let sqlState, let message, let detail):
            "PostgreSQL refused (\(sqlState)): \(message)" + (detail.map { " (\($0))" } ?? "")
        case .misuse(let text): "PostgreSQL called wrongly: \(text)"
        }
    }
}
