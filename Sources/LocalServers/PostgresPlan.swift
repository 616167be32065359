import Foundation
import Glibc

/// How one private PostgreSQL is to be run: its data, account, socket and configuration.
struct PostgresPlan: Sendable {
    /// The superuser of a private server, and the name of its first database.
    static let user = "groundswell"
    /// The number in the socket's name; it is no TCP port.
    static let socketNumber = 5432

    let folder: String
    let sockets: String
    let port: Int?
    let account: ServerAccount?
    let programs: PostgresPrograms
    let settings: PrivatePostgres.Settings

    var data: String { "\(folder)/data" }
    var socket: String { "\(sockets)/.s.PGSQL.\(port ?? Self.socketNumber)" }

    init(folder: String, settings: PrivatePostgres.Settings) throws(LocalServerError) {
        let plain = settings.loopbackPassword?.utf8.allSatisfy { isPlain($0) } ?? true
        guard plain, settings.loopbackPassword != "" else {
            throw .invalidSettings(reason: "A PostgreSQL password may hold letters and digits only.")
        }
        guard settings.tls == nil || settings.loopbackPassword != nil else {
            throw .invalidSettings(reason: "TLS is for the loopback port, which needs a password.")
        }
        let account = try ServerAccount.forPostgres()
        self.account = account
        self.settings = settings
        if let account, let blocked = Folder.firstBlocked(on: folder, for: account) {
            throw .folderNotReachable(folder: folder, blockedAt: blocked, account: account.name)
        }
        self.folder = folder
        try Folder.makePrivate(folder, owner: account)
        programs = try PostgresPrograms.fitting(data: "\(folder)/data")
        sockets = try Folder.forSockets(folder, owner: account)
        port = settings.loopbackPassword == nil ? nil : try LocalSocket.freePort()
    }

    func url(database: String) -> String {
        if let port, let password = settings.loopbackPassword {
            let host = settings.tls == nil ? "127.0.0.1" : "localhost"
            return
                "postgresql://\(Self.user):\(password)@\(host):\(port)/\(database)\(settings.tls?.postgresQuery ?? "")"
        }
        return "postgresql://\(Self.user)@/\(database)?host=\(URLText.escaped(sockets))&port=\(Self.socketNumber)"
    }

    /// Makes the data folder on the first start, writes the configuration, and says how to start the server.
    func prepare(logFile: String) throws(LocalServerError) -> Spawn {
        if access("\(data)/PG_VERSION", F_OK) != 0 { try initialise() }
        try TextFile.write(configuration, to: "\(data)/groundswell.conf", owner: account)
        try TextFile.write(hostBasedAccess, to: "\(data)/pg_hba.conf", owner: account)
        if let tls = settings.tls { try copy(tls) }
        let (program, arguments) = try ServerAccount.commandLine(programs.server, ["-D", data], as: account)
        var spawn = Spawn(program: program, arguments: arguments, environment: environment)
        spawn.output = .file(logFile)
        return spawn
    }

    private var environment: [String: String] { ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"] }

    /// Makes the data in a draft folder first, so that an interrupted `initdb` leaves nothing that looks whole.
    private func initialise() throws(LocalServerError) {
        let draft = "\(folder)/data.new"
        try? FileManager.default.removeItem(atPath: draft)
        var words = ["-D", draft, "-U", Self.user, "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust"]
        if settings.durability == .none { words.append("--no-sync") }
        words.append("--no-instructions")
        let (program, arguments) = try ServerAccount.commandLine(programs.initdb, words, as: account)
        try Run.program(program, arguments, environment: environment)
        do {
            let file = "\(draft)/postgresql.conf"
            let text = try TextFile.read(file) + "\ninclude_if_exists = 'groundswell.conf'\n"
            try TextFile.write(text, to: file, owner: account)
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw error
        }
        guard rename(draft, data) == 0 else { throw .fileTrouble(path: data, reason: reason(errno)) }
    }

    /// The server wants a key that belongs to it, and may not enter the folder of the given one.
    private func copy(_ tls: ServerTLS) throws(LocalServerError) {
        for (source, name) in [(tls.authority, "ca.pem"), (tls.certificate, "server.pem"), (tls.key, "server.key")] {
            try TextFile.write(try TextFile.read(source), to: "\(data)/\(name)", owner: account)
        }
    }

    /// Whoever may enter the socket's folder (its owner, and root) may connect; over TCP a password is needed.
    private var hostBasedAccess: String {
        let overTCP =
            if port == nil {
                ""
            } else if settings.tls == nil {
                "host all all 127.0.0.1/32 scram-sha-256\n"
            } else {
                "hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n"
            }
        return "# Written at every start; changes here are lost.\nlocal all all trust\n\(overTCP)"
    }

    var configuration: String {
        var lines = [
            "# Written at every start; changes here are lost.",
            "unix_socket_directories = \(quoted(sockets))",
            "unix_socket_permissions = 0700",
            port.map { "listen_addresses = '127.0.0.1'\nport = \($0)" }
                ?? "listen_addresses = ''\nport = \(Self.socketNumber)",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "# Files in the data folder instead of /dev/shm, so that a killed server leaves nothing there.",
            "dynamic_shared_memory_type = mmap",
            "shared_buffers = \(settings.durability == .none ? "64MB" : "128MB")",
            "max_connections = 200",
        ]
        if settings.tls != nil {
            lines += [
                "ssl = on", "ssl_ca_file = 'ca.pem'", "ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key'",
            ]
        }
        if settings.durability == .none {
            lines += [
                "# For tests: data need not survive a crash of the machine. Commits stay synchronous, so that they",
                "# survive a crash of the server, which fault tests rely on; without fsync that costs next to nothing.",
                "fsync = off",
                "full_page_writes = off",
                "autovacuum = off",
                "# No archive, no replica: less is logged.",
                "wal_level = minimal",
                "max_wal_senders = 0",
            ]
        } else {
            lines += [
                "# One transaction of the reducer rewrites many rollup rows: fewer, longer checkpoints.",
                "max_wal_size = 2GB",
                "checkpoint_timeout = 15min",
                "wal_compression = on",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}
