/// How one private Redis is to be run: its socket, port and configuration file.
struct RedisPlan: Sendable {
    let folder: String
    let socket: String
    let port: Int?
    /// Where the nodes of a cluster talk with each other.
    let busPort: Int?
    let settings: PrivateRedis.Settings

    init(folder: String, settings: PrivateRedis.Settings) throws(LocalServerError) {
        let plain = settings.password?.utf8.allSatisfy { isPlain($0) } ?? true
        guard plain, settings.password != "" else {
            throw .invalidSettings(reason: "A Redis password may hold letters and digits only.")
        }
        self.folder = folder
        self.settings = settings
        socket = "\(try Folder.forSockets(folder))/redis.sock"
        let needsPort = settings.loopbackPort || settings.isClusterNode || settings.tls != nil
        port = needsPort ? try LocalSocket.freePort() : nil
        busPort = settings.isClusterNode ? try LocalSocket.freePort(besides: port) : nil
    }

    var url: String {
        let login = settings.password.map { ":\($0)@" } ?? ""
        if let port, let tls = settings.tls { return "rediss://\(login)localhost:\(port)\(tls.redisQuery)" }
        if let port { return "redis://\(login)127.0.0.1:\(port)" }
        return "redis+unix://\(login)\(URLText.escaped(socket))"
    }

    /// Writes the configuration and says how to start the server.
    func prepare(logFile: String) throws(LocalServerError) -> Spawn {
        let program = try Program.path(of: "redis-server", package: "redis-server")
        let file = "\(folder)/redis.conf"
        try TextFile.write(configuration, to: file)
        var spawn = Spawn(program: program, arguments: [file], folder: folder)
        spawn.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        spawn.output = .file(logFile)
        return spawn
    }

    var configuration: String {
        var lines = [
            "# Written at every start; changes here are lost.",
            "unixsocket \(quoted(socket))",
            "unixsocketperm 700",
            port.map { "bind 127.0.0.1\n\(settings.tls == nil ? "port" : "port 0\ntls-port") \($0)" } ?? "port 0",
            "dir \(quoted(folder))",
            "daemonize no",
            "# A queue must refuse new work when memory is full, never drop what it holds.",
            "maxmemory-policy noeviction",
            "# No snapshots: the append-only file, where on, is all that is kept.",
            "save \"\"",
            "appendonly \(settings.appendOnly ? "yes" : "no")",
            "appendfsync everysec",
        ]
        if let bytes = settings.maximumMemoryBytes { lines.append("maxmemory \(bytes)") }
        if let password = settings.password { lines.append("requirepass \(password)") }
        if let file = settings.accessList { lines.append("aclfile \(quoted(file))") }
        if let tls = settings.tls {
            lines += [
                "tls-cert-file \(quoted(tls.certificate))", "tls-key-file \(quoted(tls.key))",
                "tls-ca-cert-file \(quoted(tls.authority))", "tls-auth-clients yes",
            ]
        }
        if let busPort { lines += Self.cluster(busPort) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Quick to notice a dead node, and quick to have a replica in its place: for tests.
    private static func cluster(_ busPort: Int) -> [String] {
        [
            "cluster-enabled yes", "cluster-config-file nodes.conf", "cluster-port \(busPort)",
            "cluster-node-timeout 1000", "cluster-allow-replica-migration no",
            "# A replica's first copy begins at once and not after five seconds.",
            "repl-diskless-sync yes", "repl-diskless-sync-delay 0", "repl-ping-replica-period 1",
        ]
    }

    private func quoted(_ path: String) -> String {
        "\"" + path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

/// Letters and digits: what needs no quoting in a URL, a configuration file or SQL.
func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"):
        true
    default: false
    }
}
