/// Why a Redis command gave no reply to use.
package enum RedisError: Error, Equatable, Sendable {
    /// The URL cannot be understood.
    case invalidURL(String)
    /// The server could not be reached, or the connection broke: the command may or may not have run.
    case connection(String)
    /// No reply within the time: the command may or may not have run.
    case timeout(String, after: Duration)
    /// User or password were refused.
    case authentication(String)
    /// The server's own error: `code` is its first word, for example `NOGROUP`, `OOM` or `LOADING`.
    case server(code: String, message: String)
    /// The server sent something that is not RESP2, or a reply of another shape than the command's.
    case protocolViolation(String)
    /// The waiting task was cancelled: the command may or may not have run.
    case cancelled
    /// The client was closed.
    case closed
}

extension RedisError {
    /// Whether the same command may succeed later without anybody's help.
    package var isTransient: Bool {
        switch self {
        case .connection, .timeout: true
        case .server(let code, _):
            ["LOADING", "BUSY", "MASTERDOWN", "READONLY", "TRYAGAIN", "CLUSTERDOWN", "UNBLOCKED"].contains(code)
        case .invalidURL, .authentication, .protocolViolation, .cancelled, .closed: false
        }
    }

    /// The error that a reply is, if it is one.
    package init?(reply: RedisValue) {
        guard case .error(let text) = reply else { return nil }
        let words = text.split(separator: " ", maxSplits: 1)
        let code = words.first.map(String.init) ?? "ERR"
        let message = words.count == 2 ? String(words[1]) : ""
        self =
            switch code {
            case "NOAUTH", "WRONGPASS": .authentication(message)
            default: .server(code: code, message: message)
            }
    }
}

extension RedisError: CustomStringConvertible {
    /// What happened, and what to do about it.
    package var description: String {
        switch self {
        case .invalidURL(let reason): "the Redis URL cannot be read: \(reason)"
        case .connection(let reason): "no connection to Redis: \(reason)"
        case .timeout(let what, let time): "Redis did not answer \(what) within \(time); is the server overloaded?"
        case .authentication(let reason):
            "Redis refused the login (\(reason)); check user and password in the Redis URL"
        case .server(let code, let message): "Redis answered \(code) \(message)\(Self.advice(code))"
        case .protocolViolation(let reason):
            "the server does not speak the Redis protocol (\(reason)); check host, port, and redis:// or rediss://"
        case .cancelled: "the wait for Redis was cancelled"
        case .closed: "the Redis client is closed"
        }
    }

    private static func advice(_ code: String) -> String {
        switch code {
        case "OOM": "; raise maxmemory, or let the reducers catch up"
        case "NOPERM": "; give the Redis user the rights listed in cluster/"
        case "MISCONF": "; Redis cannot save to its disk: look at its log"
        case "READONLY": "; this server is a replica: point the URL at the primary"
        case "LOADING": "; Redis is still reading its file: wait"
        case "MOVED", "ASK", "CROSSSLOT": "; this server is part of a Redis Cluster: add ?cluster=true to the Redis URL"
        default: ""
        }
    }
}
