import Foundation
import Glibc
import Synchronization

/// A PostgreSQL server of our own in a folder: reached by a unix socket, never the system's server or port.
///
/// Started as root it runs as `postgres` (else `nobody`), to whom the folder then belongs. The first start makes the
/// data (`initdb`, UTF-8), which takes a second or two; calls block, so give them a thread where that matters.
package final class PrivatePostgres: Sendable {
    package enum Durability: Sendable {
        /// Nothing is synced to disk: fast, and lost when the machine (not only the server) crashes. For tests.
        case none
        /// As safe as PostgreSQL always is, with settings for a small machine.
        case full
    }

    package struct Settings: Sendable {
        package var durability = Durability.full
        /// Also listen on a free port of 127.0.0.1, which `url` then names, with this password.
        ///
        /// Letters and digits only.
        package var loopbackPassword: String?
        /// Over the loopback port, talk TLS only and want a certificate from the client too, beside the password.
        ///
        /// `url` then asks for `sslmode=verify-full` and shows the server's own certificate.
        package var tls: ServerTLS?
        /// Whether the data may lie elsewhere when the server's account may not enter `folder`.
        ///
        /// Happens to root in a closed home (`/root`): the data go to `/var/lib/groundswell-…`, and a link takes their
        /// place. Otherwise that is an error.
        package var mayMoveElsewhere = false

        package init(
            durability: Durability = .full, loopbackPassword: String? = nil, tls: ServerTLS? = nil,
            mayMoveElsewhere: Bool = false
        ) {
            self.durability = durability
            self.loopbackPassword = loopbackPassword
            self.tls = tls
            self.mayMoveElsewhere = mayMoveElsewhere
        }
    }

    /// Longest wait for a first answer: a server that was killed replays its log first.
    private static let patience = Duration.seconds(120)

    package let folder: String
    /// `postgresql://groundswell@/groundswell?host=/folder&port=5432`, or with the port of 127.0.0.1.
    package let url: String
    private let process: Mutex<ServerProcess?>
    /// nil for a server that was only found: it cannot be restarted from here.
    private let plan: PostgresPlan?
    private let lifetime: Lifetime

    private init(folder: String, url: String, plan: PostgresPlan?, lifetime: Lifetime, process: ServerProcess?) {
        self.folder = folder
        self.url = url
        self.plan = plan
        self.lifetime = lifetime
        self.process = Mutex(process)
    }

    deinit {
        if lifetime == .attached { process.withLock { $0?.end(signal: SIGQUIT, grace: .seconds(10)) } }
    }

    /// Starts a server in `folder` (made when missing, closed to other users) and waits until it answers.
    package static func start(
        in folder: String, settings: Settings = Settings(), lifetime: Lifetime = .attached
    ) throws(LocalServerError) -> PrivatePostgres {
        var folder = Folder.absolute(folder)
        if settings.mayMoveElsewhere { folder = try PostgresFolder.reachable(folder) }
        if let state = StateFile.ofRunningServer(in: folder) {
            throw .alreadyRunning(server: "PostgreSQL", folder: folder, pid: state.identity.pid)
        }
        let plan = try PostgresPlan(folder: folder, settings: settings)
        let server = PrivatePostgres(
            folder: folder, url: plan.url(database: PostgresPlan.user), plan: plan, lifetime: lifetime, process: nil)
        try server.restart()
        try server.createFirstDatabase(plan)
        return server
    }

    /// The detached server that runs in `folder` now, if any.
    package static func find(in folder: String) -> PrivatePostgres? {
        let folder = Folder.absolute(folder)
        guard let state = StateFile.ofRunningServer(in: folder) else { return nil }
        return PrivatePostgres(
            folder: folder, url: state.url, plan: nil, lifetime: .detached,
            process: ServerProcess(found: state.identity))
    }

    package var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }

    package var pid: Int32? { process.withLock { $0?.isRunning == true ? $0?.identity.pid : nil } }

    package var logFile: String { "\(folder)/postgres.log" }

    /// Path of the unix socket; `nil` for a server that was only found.
    package var socket: String? { plan?.socket }

    /// Ends the server in its own way, breaking open connections; insists after thirty seconds.
    package func stop() {
        // Without durability nothing is worth a last checkpoint: SIGQUIT ends at once and still tidies up.
        end(signal: plan?.settings.durability == PrivatePostgres.Durability.none ? SIGQUIT : SIGINT)
    }

    /// Ends the server by SIGKILL, as a crash would; `restart` then replays its log.
    package func kill() { end(signal: SIGKILL) }

    /// Starts the server again after `stop` or `kill`, with the same settings and URL.
    package func restart() throws(LocalServerError) {
        guard let plan else { throw .invalidSettings(reason: "This PostgreSQL was started by another process.") }
        guard !isRunning else { return }
        let spawn = try plan.prepare(logFile: logFile)
        let started = try ServerProcess.start(spawn, lifetime: lifetime, endSignal: SIGQUIT)
        // Before the wait: whoever is interrupted in it can still find and stop the server.
        try StateFile(identity: started.identity, url: url).write(in: folder)
        try waitUntilReady(started, plan)
        process.withLock { $0 = started }
    }

    /// A URL like `url`, for another database of this server.
    package func url(database: String) -> String { plan?.url(database: database) ?? url }

    /// Runs SQL with `psql` as superuser, and returns what it prints: unaligned rows, fields separated by `|`.
    @discardableResult
    package func psql(_ sql: String, database: String = "postgres") throws(LocalServerError) -> String {
        guard let plan else { throw .invalidSettings(reason: "This PostgreSQL was started by another process.") }
        let program =
            Program.isExecutable(plan.programs.psql)
            ? plan.programs.psql : try Program.path(of: "psql", package: "postgresql-client-15")
        let words = [
            "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
            "--host=\(plan.sockets)", "--port=\(plan.port ?? PostgresPlan.socketNumber)",
            "--username=\(PostgresPlan.user)", "--dbname=\(database)", "--command=\(sql)",
        ]
        return try Run.program(program, words, environment: ["LC_ALL": "C.UTF-8", "PGCONNECT_TIMEOUT": "10"])
    }

    private func createFirstDatabase(_ plan: PostgresPlan) throws(LocalServerError) {
        let name = PostgresPlan.user
        let found = try psql("SELECT 1 FROM pg_database WHERE datname = '\(name)'")
        if found.isEmpty { try psql("CREATE DATABASE \(name)") }
        if let password = plan.settings.loopbackPassword { try psql("ALTER ROLE \(name) PASSWORD '\(password)'") }
    }

    private func end(signal: Int32) {
        process.withLock { process in
            process?.end(signal: signal, grace: .seconds(30))
            process = nil
        }
    }

    private func waitUntilReady(_ started: ServerProcess, _ plan: PostgresPlan) throws(LocalServerError) {
        let deadline = ContinuousClock.now + Self.patience
        while !isReady(started, plan) {
            let running = started.isRunning
            guard running, ContinuousClock.now < deadline else {
                started.end(signal: SIGQUIT, grace: .seconds(10))
                throw .notReady(
                    server: "PostgreSQL", reason: running ? "did not answer in time" : "ended at once",
                    log: TextFile.tail(logFile))
            }
            usleep(5_000)
        }
    }

    /// The server itself writes into its lock file when it takes connections; that is what `pg_ctl` looks at too.
    private func isReady(_ started: ServerProcess, _ plan: PostgresPlan) -> Bool {
        guard let text = try? TextFile.read("\(plan.data)/postmaster.pid") else { return false }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count > 7 && Int32(lines[0]) == started.identity.pid && lines[7].hasPrefix("ready")
    }
}
