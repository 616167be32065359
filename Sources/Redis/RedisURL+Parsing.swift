extension RedisURL {
    /// Reads the forms named at the type.
    ///
    /// - Throws: `RedisError.invalidURL`, whose text never repeats the password.
    package init(_ text: String) throws(RedisError) {
        var rest = Substring(text)
        let scheme = try Self.takeScheme(&rest)
        let query = try Self.takeQuery(&rest)
        if scheme == "unix" || scheme == "redis+unix" {
            self = try Self.unix(rest, query)
        } else {
            self = try Self.tcp(rest, query, encrypted: scheme == "rediss")
        }
    }

    private static func takeScheme(_ rest: inout Substring) throws(RedisError) -> String {
        guard let colon = rest.firstIndex(of: ":") else {
            throw .invalidURL("no scheme; write redis://host:port, rediss://host:port or unix:/path")
        }
        let scheme = rest[..<colon].lowercased()
        guard ["redis", "rediss", "unix", "redis+unix"].contains(scheme) else {
            throw .invalidURL("unknown scheme; write redis://host:port, rediss://host:port or unix:/path")
        }
        rest = rest[rest.index(after: colon)...]
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
        } else if scheme != "unix" {
            throw .invalidURL("“//” is missing after “\(scheme):”")
        }
        return scheme
    }

    private static func takeQuery(_ rest: inout Substring) throws(RedisError) -> [String: String] {
        guard let mark = rest.lastIndex(of: "?") else { return [:] }
        let items = rest[rest.index(after: mark)...].split(separator: "&")
        rest = rest[..<mark]
        var query: [String: String] = [:]
        for item in items {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw .invalidURL("option “\(parts[0])” has no value") }
            guard ["ca", "cert", "key", "db", "user", "password", "cluster"].contains(parts[0]) else {
                throw .invalidURL("unknown option “\(parts[0])”; known are ca, cert, key, db, user, password, cluster")
            }
            query[String(parts[0])] = try decoded(parts[1], "option “\(parts[0])”")
        }
        return query
    }

    private static func unix(_ rest: Substring, _ query: [String: String]) throws(RedisError) -> Self {
        guard query["cluster"] == nil else { throw .invalidURL("the nodes of a Redis Cluster are not at a socket") }
        guard let slash = rest.firstIndex(of: "/") else {
            throw .invalidURL("a socket needs an absolute path: unix:/path/to/redis.sock")
        }
        var login: (user: String?, password: String?) = (query["user"], query["password"])
        if slash != rest.startIndex {
            guard rest[..<slash].last == "@" else {
                throw .invalidURL("a socket needs an absolute path: unix:/path/to/redis.sock")
            }
            login = try Self.login(rest[..<slash].dropLast())
        }
        return Self(
            endpoint: .unix(path: try decoded(rest[slash...], "path")), user: login.user, password: login.password,
            database: try database(query["db"] ?? "0"))
    }

    private static func tcp(
        _ rest: Substring, _ query: [String: String], encrypted: Bool
    ) throws(RedisError) -> Self {
        var login: (user: String?, password: String?) = (query["user"], query["password"])
        var place = rest
        // The last `@`: a password that was not encoded may hold one, a host never does.
        if let at = rest.lastIndex(of: "@") {
            login = try Self.login(rest[..<at])
            place = rest[rest.index(after: at)...]
        }
        let parts = place.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let number = parts.count == 2 && !parts[1].isEmpty ? String(parts[1]) : query["db"] ?? "0"
        let places = try parts[0].split(separator: ",", omittingEmptySubsequences: false)
            .map { text throws(RedisError) in try Self.place(text) }
        let certificates = ["ca", "cert", "key"].contains { query[$0] != nil }
        guard encrypted || !certificates else { throw .invalidURL("ca, cert and key need rediss://") }
        guard (query["cert"] == nil) == (query["key"] == nil) else {
            throw .invalidURL("a client certificate needs both cert and key")
        }
        let tls = TLS(authorityFile: query["ca"], certificateFile: query["cert"], keyFile: query["key"])
        let isCluster = try Self.isCluster(query["cluster"])
        guard isCluster || places.count == 1 else {
            throw .invalidURL("several hosts are for a Redis Cluster; add ?cluster=true")
        }
        let database = try Self.database(number)
        guard !isCluster || database == 0 else { throw .invalidURL("a Redis Cluster has the database 0 only") }
        return Self(
            endpoint: places[0], seeds: isCluster ? places : [], tls: encrypted ? tls : nil, user: login.user,
            password: login.password, database: database)
    }

    private static func isCluster(_ text: String?) throws(RedisError) -> Bool {
        switch text {
        case "true": true
        case nil, "false": false
        default: throw .invalidURL("cluster must be true or false")
        }
    }

    /// `user`, `user:password` or `:password`.
    private static func login(_ text: Substring) throws(RedisError) -> (user: String?, password: String?) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let user = try decoded(parts[0], "user")
        let password = parts.count == 2 ? try decoded(parts[1], "password") : nil
        return (user.isEmpty ? nil : user, password)
    }

    private static func place(_ text: Substring) throws(RedisError) -> Endpoint {
        var host = text
        var port: Substring?
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw .invalidURL("“]” is missing after the address") }
            host = text[text.index(after: text.startIndex)..<end]
            let tail = text[text.index(after: end)...]
            guard tail.isEmpty || tail.first == ":" else { throw .invalidURL("unexpected text after “]”") }
            port = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { throw .invalidURL("the host is missing") }
        guard let port else { return .tcp(host: String(host), port: defaultPort) }
        guard let number = Int(port), (1...65_535).contains(number) else {
            throw .invalidURL("the port must be 1…65535")
        }
        return .tcp(host: String(host), port: number)
    }

    private static func database(_ text: String) throws(RedisError) -> Int {
        guard let number = Int(text), number >= 0 else {
            throw .invalidURL("the database must be a number from 0")
        }
        return number
    }

    private static func decoded(_ text: Substring, _ what: String) throws(RedisError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { throw .invalidURL("a “%” in the \(what) is not followed by two hexadecimal digits") }
            bytes.append(value)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
