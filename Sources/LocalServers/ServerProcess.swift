import Glibc
import Synchronization

/// A running server: one that this process started, or one found by its state file.
final class ServerProcess: Sendable {
    let identity: ProcessIdentity
    /// Ends the server when we die; nil for a detached server.
    private let watcher: Mutex<Watcher?>

    private init(identity: ProcessIdentity, watcher: Watcher?) {
        self.identity = identity
        self.watcher = Mutex(watcher)
    }

    /// A server that another process started.
    convenience init(found identity: ProcessIdentity) { self.init(identity: identity, watcher: nil) }

    /// Starts the server; `endSignal` is what the watcher sends first when we die.
    static func start(_ spawn: Spawn, lifetime: Lifetime, endSignal: Int32) throws(LocalServerError) -> ServerProcess {
        var spawn = spawn
        spawn.newSession = true
        let pid = try spawn.start()
        // A child that has already ended is a zombie until we wait for it, so its facts are there.
        let identity = ProcessIdentity(pid: pid, started: ProcessFacts(pid: pid)?.started ?? 0)
        guard lifetime == .attached else { return ServerProcess(identity: identity, watcher: nil) }
        do {
            let watcher = try Watcher(watched: pid, endSignal: endSignal)
            return ServerProcess(identity: identity, watcher: watcher)
        } catch {
            Glibc.kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw error
        }
    }

    var isRunning: Bool { identity.isRunning }

    /// Sends a signal, unless the process has ended.
    func send(signal: Int32) {
        if isRunning { Glibc.kill(identity.pid, signal) }
    }

    /// Asks the server to end by `signal`, insists by SIGKILL after the grace time, and waits until it is gone.
    func end(signal: Int32, grace: Duration) {
        send(signal: signal)
        if !waitUntilEnded(for: grace) {
            send(signal: SIGKILL)
            _ = waitUntilEnded(for: .seconds(10))
        }
        // Only now may the number be used again: the watcher has let go of it.
        watcher.withLock { watcher in
            watcher?.release()
            watcher = nil
        }
        reap()
    }

    /// Takes the exit status of a child of ours, so that no zombie stays.
    ///
    /// A process with threads shows as ended when its first thread is, some moments before there is a status to take.
    /// A server that is not our child is its parent's to reap: the first call says so.
    private func reap() {
        let deadline = ContinuousClock.now + .seconds(2)
        while waitpid(identity.pid, nil, WNOHANG) == 0, ContinuousClock.now < deadline,
            ProcessFacts(pid: identity.pid)?.started == identity.started
        {
            usleep(1_000)
        }
    }

    private func waitUntilEnded(for limit: Duration) -> Bool {
        let deadline = ContinuousClock.now + limit
        while isRunning {
            guard ContinuousClock.now < deadline else { return false }
            usleep(2_000)
        }
        return true
    }
}
