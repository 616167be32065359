import Glibc
import Synchronization

/// A Redis server of our own in a folder: a unix socket there, never the system's server or port.
///
/// Calls block for some tens of milliseconds; give them a thread of their own where that matters.
package final class PrivateRedis: Sendable {
    package struct Settings: Sendable {
        /// Append-only file, synced every second, as in a real cluster.
        ///
        /// Without it a restart begins empty.
        package var appendOnly = false
        /// Needed from every client; letters and digits only.
        package var password: String?
        /// Also listen on a free port of 127.0.0.1, which `url` then names.
        ///
        /// Any user of this machine reaches it, so set a password unless this is a test.
        package var loopbackPort = false
        /// nil: no bound but the machine's memory.
        package var maximumMemoryBytes: Int?
        /// Listen on a free port of 127.0.0.1 with TLS, for clients with a certificate; `url` then names it.
        package var tls: ServerTLS?
        /// A file with users, as in `cluster/users.acl`; `password` means nothing beside it.
        package var accessList: String?
        /// A node of a cluster: see `PrivateRedisCluster`.
        var isClusterNode = false

        package init(
            appendOnly: Bool = false, password: String? = nil, loopbackPort: Bool = false,
            maximumMemoryBytes: Int? = nil, tls: ServerTLS? = nil, accessList: String? = nil
        ) {
            self.appendOnly = appendOnly
            self.password = password
            self.loopbackPort = loopbackPort
            self.maximumMemoryBytes = maximumMemoryBytes
            self.tls = tls
            self.accessList = accessList
        }
    }

    /// Longest wait for a first answer: loading a large append-only file takes a while.
    private static let patience = Duration.seconds(60)

    package let folder: String
    /// `redis+unix:///path/redis.sock`, `redis://127.0.0.1:port` or `rediss://localhost:port?ca=…`, with `:password@` where
    /// one is set.
    package let url: String
    private let process: Mutex<ServerProcess?>
    /// nil for a server that was only found: it cannot be restarted from here.
    private let plan: RedisPlan?
    private let lifetime: Lifetime

    private init(folder: String, url: String, plan: RedisPlan?, lifetime: Lifetime, process: ServerProcess?) {
        self.folder = folder
        self.url = url
        self.plan = plan
        self.lifetime = lifetime
        self.process = Mutex(process)
    }

    deinit {
        if lifetime == .attached { process.withLock { $0?.end(signal: SIGKILL, grace: .seconds(10)) } }
    }

    /// Starts a server in `folder` (made when missing, closed to other users) and waits until it answers.
    package static func start(
        in folder: String, settings: Settings = Settings(), lifetime: Lifetime = .attached
    ) throws(LocalServerError) -> PrivateRedis {
        let folder = Folder.absolute(folder)
        try Folder.makePrivate(folder)
        if let state = StateFile.ofRunningServer(in: folder) {
            throw .alreadyRunning(server: "Redis", folder: folder, pid: state.identity.pid)
        }
        let plan = try RedisPlan(folder: folder, settings: settings)
        let server = PrivateRedis(folder: folder, url: plan.url, plan: plan, lifetime: lifetime, process: nil)
        try server.restart()
        return server
    }

    /// The detached server that runs in `folder` now, if any.
    package static func find(in folder: String) -> PrivateRedis? {
        let folder = Folder.absolute(folder)
        guard let state = StateFile.ofRunningServer(in: folder) else { return nil }
        return PrivateRedis(
            folder: folder, url: state.url, plan: nil, lifetime: .detached,
            process: ServerProcess(found: state.identity))
    }

    package var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }

    package var pid: Int32? { process.withLock { $0?.isRunning == true ? $0?.identity.pid : nil } }

    package var logFile: String { "\(folder)/redis.log" }

    /// Path of the unix socket; `nil` for a server that was only found.
    package var socket: String? { plan?.socket }

    /// Ends the server in its own way (an append-only file is synced), insisting after ten seconds.
    package func stop() { end(signal: SIGTERM) }

    /// Ends the server by SIGKILL, as a crash would.
    package func kill() { end(signal: SIGKILL) }

    /// Holds the server still without ending it, as a hung machine would; `resume` lets it go on.
    package func pause() { process.withLock { $0?.send(signal: SIGSTOP) } }

    package func resume() { process.withLock { $0?.send(signal: SIGCONT) } }

    /// Starts the server again after `stop` or `kill`, with the same settings and URL.
    package func restart() throws(LocalServerError) {
        guard let plan else { throw .invalidSettings(reason: "This Redis was started by another process.") }
        guard !isRunning else { return }
        let spawn = try plan.prepare(logFile: logFile)
        let started = try ServerProcess.start(spawn, lifetime: lifetime, endSignal: SIGKILL)
        // Before the wait: whoever is interrupted in it can still find and stop the server.
        try StateFile(identity: started.identity, url: url).write(in: folder)
        try waitUntilReady(started, plan)
        process.withLock { $0 = started }
    }

    /// The first bytes of the answer to a command without spaces in its words, asked over the socket.
    func ask(_ command: String) -> String? { plan.flatMap { LocalSocket.ask($0.socket, "\(command)\r\n") } }

    /// The port of 127.0.0.1, where there is one.
    var port: Int? { plan?.port }

    var busPort: Int? { plan?.busPort }

    private func end(signal: Int32) {
        process.withLock { process in
            process?.end(signal: signal, grace: .seconds(10))
            process = nil
        }
    }

    private func waitUntilReady(_ started: ServerProcess, _ plan: RedisPlan) throws(LocalServerError) {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            // NOAUTH is an answer too: the server is there and wants its password.
            if let answer = LocalSocket.ask(plan.socket, "PING\r\n"),
                answer.hasPrefix("+PONG") || answer.hasPrefix("-NOAUTH")
            {
                return
            }
            let running = started.isRunning
            guard running, ContinuousClock.now < deadline else {
                started.end(signal: SIGKILL, grace: .seconds(10))
                throw .notReady(
                    server: "Redis", reason: running ? "did not answer in time" : "ended at once",
                    log: TextFile.tail(logFile))
            }
            usleep(3_000)
        }
    }
}
