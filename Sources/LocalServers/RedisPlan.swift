/// How one private Redis is to be run: its socket, port and configuration file.
struct RedisPlan: Sendable {
    let folder: String
    let socket: String
    let port: Int?
    let settings: PrivateRedis.Settings

    init(folder: String, settings: PrivateRedis.Settings) throws(LocalServerError) {
        let plain = settings.password?.utf8.allSatisfy { isPlain($0) } ?? true
        guard plain, settings.password != "" else {
            throw .invalidSettings(reason: "A Redis password may hold letters and digits only.")
        }
        self.folder = folder
        self.settings = settings
        socket = "\(try Folder.forSockets(folder))/redis.sock"
        port = settings.loopbackPort ? try LocalSocket.freePort() : nil
    }

    var url: String {
        let login = settings.password.map { ":\($0)@" } ?? ""
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
            port.map { "bind 127.0.0.1\nport \($0)" } ?? "port 0",
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
        return lines.joined(separator: "\n") + "\n"
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
