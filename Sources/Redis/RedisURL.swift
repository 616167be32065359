/// Where a Redis server is and how to enter it, read from one line of text.
///
/// Accepted forms, with port 6379 and database 0 when absent:
/// - `redis://[user[:password]@]host[:port][/database]`
/// - `rediss://…`, the same over TLS, with `?ca=FILE&cert=FILE&key=FILE` for an own authority and a client certificate
/// - `unix:/path/to/socket[?db=N&user=U&password=P]`, also as `unix://…` and `redis+unix://[user:password@]/path`
///
/// User, password and path may be percent-encoded. The description never shows the password.
package struct RedisURL: Equatable, Sendable {
    package enum Endpoint: Equatable, Sendable {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    /// Files in PEM format; `nil` stands for the system's authorities and for no client certificate.
    package struct TLS: Equatable, Sendable {
        package var authorityFile: String?
        package var certificateFile: String?
        package var keyFile: String?

        package init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
            self.authorityFile = authorityFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    package static let defaultPort = 6379

    package var endpoint: Endpoint
    /// `nil` means an unencrypted connection.
    package var tls: TLS?
    package var user: String?
    package var password: String?
    package var database: Int

    package init(
        endpoint: Endpoint, tls: TLS? = nil, user: String? = nil, password: String? = nil, database: Int = 0
    ) {
        self.endpoint = endpoint
        self.tls = tls
        self.user = user
        self.password = password
        self.database = database
    }
}

extension RedisURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL with three stars instead of the password.
    package var description: String {
        var login = user ?? ""
        if password != nil { login += ":***" }
        if !login.isEmpty { login += "@" }
        let scheme = tls == nil ? "redis" : "rediss"
        return switch endpoint {
        case .tcp(let host, let port):
            "\(scheme)://\(login)\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .unix(let path):
            "redis+unix://\(login)\(path)\(database == 0 ? "" : "?db=\(database)")"
        }
    }

    package var debugDescription: String { description }

    /// Hides the password from `dump` and from test failures too.
    package var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
