/// Where a Redis server is and how to enter it, read from one line of text.
///
/// Accepted forms, with port 6379 and database 0 when absent:
/// - `redis://[user[:password]@]host[:port][/database]`
/// - `rediss://…`, the same over TLS, with `?ca=FILE&cert=FILE&key=FILE` for an own authority and a client certificate
/// - either with `?cluster=true` for a Redis Cluster: `redis://host:port,host:port/?cluster=true` names one or more of its
///   nodes, by which the others are found
/// - `unix:/path/to/socket[?db=N&user=U&password=P]`, also as `unix://…` and `redis+unix://[user:password@]/path`
///
/// User, password and path may be percent-encoded. The description never shows the password.
package struct RedisURL: Equatable, Sendable {
    package enum Endpoint: Hashable, Sendable {
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

    /// The server, or the first node of `seeds`.
    package var endpoint: Endpoint
    /// Nodes of a Redis Cluster, by which the others are found; empty for a server alone.
    package var seeds: [Endpoint]
    /// `nil` means an unencrypted connection.
    package var tls: TLS?
    package var user: String?
    package var password: String?
    package var database: Int

    package init(
        endpoint: Endpoint, seeds: [Endpoint] = [], tls: TLS? = nil, user: String? = nil, password: String? = nil,
        database: Int = 0
    ) {
        self.endpoint = endpoint
        self.seeds = seeds
        self.tls = tls
        self.user = user
        self.password = password
        self.database = database
    }

    package var isCluster: Bool { !seeds.isEmpty }

    /// The same login to one server, which may be a node of the cluster.
    func at(_ endpoint: Endpoint) -> RedisURL {
        var url = self
        (url.endpoint, url.seeds) = (endpoint, [])
        return url
    }
}

extension RedisURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL with three stars instead of the password.
    package var description: String {
        var login = user ?? ""
        if password != nil { login += ":***" }
        if !login.isEmpty { login += "@" }
        let scheme = tls == nil ? "redis" : "rediss"
        switch endpoint {
        case .tcp:
            let places = (isCluster ? seeds : [endpoint]).map(\.place).joined(separator: ",")
            return "\(scheme)://\(login)\(places)/\(isCluster ? "?cluster=true" : "\(database)")"
        case .unix(let path):
            return "redis+unix://\(login)\(path)\(database == 0 ? "" : "?db=\(database)")"
        }
    }

    package var debugDescription: String { description }

    /// Hides the password from `dump` and from test failures too.
    package var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}

extension RedisURL.Endpoint {
    /// `host:port`, or a path.
    fileprivate var place: String {
        switch self {
        case .tcp(let host, let port): "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        case .unix(let path): path
        }
    }
}
