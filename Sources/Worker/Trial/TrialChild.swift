internal import Domain
internal import Glibc
internal import LocalServers
internal import Synchronization

/// A child process that runs shards for its worker, one at a time.
///
/// It inherits one end of a socket and nothing else, and ends when the other end is closed: also when the worker is killed.
final class TrialChild: Sendable {
    /// How a run ended.
    enum Ending: Equatable {
        case finished(parts: [[UInt8]])
        case failed(reason: String, FailureClass)
        /// The process is gone; `offset` is the record that it was reading.
        case died(at: Int64?, cause: String)
        /// The process was ended, since nobody wants the result any more.
        case cancelled
    }

    let pid: pid_t
    private let line: TrialLine
    private let hasEnded = Mutex(false)

    init(_ program: TrialProgram) throws {
        guard let (line, child) = TrialLine.pair() else {
            throw LocalServerError.couldNotSpawn(program: program.path, reason: "no socket: \(errno)")
        }
        defer { close(child) }
        var spawn = Spawn(program: program.path, arguments: program.arguments, environment: program.environment)
        spawn.folder = program.folder
        spawn.input = .descriptor(child)
        // What it prints, its last words too, goes where the worker's own messages go.
        spawn.output = .descriptor(STDERR_FILENO)
        do {
            pid = try spawn.start()
        } catch {
            line.close()
            throw error
        }
        self.line = line
    }

    deinit { end() }

    /// Kills the process and waits for it.
    ///
    /// - Returns: how it ended.
    @discardableResult
    func end() -> String {
        hasEnded.withLock { hasEnded in
            guard !hasEnded else { return "" }
            hasEnded = true
            kill(pid, SIGKILL)
            return reap()
        }
    }

    private func reap() -> String {
        line.close()
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            if errno != EINTR { return "ended its process" }
        }
        let signal = status & 0x7f
        return signal == 0
            ? "ended its process (exit code \((status >> 8) & 0xff))" : "killed its process (signal \(signal))"
    }

    /// Runs one shard; blocks the thread.
    ///
    /// - Parameters:
    ///   - patience: how long the process may work on one record.
    ///   - isCancelled: asked about every tenth of a second.
    func run(
        _ request: TrialRequest, payload: [UInt8]?, patience: Duration, isCancelled: () -> Bool
    ) throws -> Ending {
        let encoded = try request.encoded()
        var offset: Int64?
        do throws(TrialLineError) {
            try line.send(.request(encoded), isCancelled: isCancelled)
            if let payload { try line.send(.payload(payload), isCancelled: isCancelled) }
            return try follow(&offset, patience: patience, isCancelled: isCancelled)
        } catch {
            if isCancelled() {
                end()
                return .cancelled
            }
            return .died(at: offset, cause: died())
        }
    }

    private func follow(
        _ offset: inout Int64?, patience: Duration, isCancelled: () -> Bool
    ) throws(TrialLineError) -> Ending {
        var buffer = FrameBuffer()
        var memory = [UInt8](repeating: 0, count: 64 << 10)
        var parts: [[UInt8]] = []
        var silence: Silence?
        while true {
            if try line.receive(into: &buffer, &memory) {
                silence = nil
                while let frame = try buffer.next() {
                    switch frame {
                    case .reading(let place): offset = place
                    case .part(let bytes): parts.append(bytes)
                    case .done: return .finished(parts: parts)
                    case .failed(let failure, let reason): return .failed(reason: reason, failure)
                    case .request, .payload: throw .outOfStep
                    }
                }
            } else if let silence {
                if let ending = judge(silence, at: offset, patience) {
                    end()
                    return ending
                }
            } else {
                silence = Silence(since: .now, work: work)
            }
            if isCancelled() {
                end()
                return .cancelled
            }
        }
    }

    /// A time without a word.
    private struct Silence {
        let since: ContinuousClock.Instant
        /// The process's own time when it began.
        let work: Duration
    }

    /// A record has taken too long when the process has worked on it so long.
    ///
    /// A process that only waits, for a disk or for a core, is given much more time, and then no record is blamed.
    private func judge(_ silence: Silence, at offset: Int64?, _ patience: Duration) -> Ending? {
        if work - silence.work > patience {
            return .died(at: offset, cause: "took longer than \(patience.components.seconds) s")
        }
        let limit = patience * 10
        guard ContinuousClock.now - silence.since > limit else { return nil }
        return .died(at: nil, cause: "said nothing for \(limit.components.seconds) s")
    }

    /// The time that all cores have given to the process.
    private var work: Duration {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else { return .zero }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Takes the status of a process that closed its end: it ends by itself, at once.
    private func died() -> String {
        hasEnded.withLock { hasEnded in
            guard !hasEnded else { return "ended its process" }
            hasEnded = true
            return reap()
        }
    }
}

/// How to start a trial process.
package struct TrialProgram: Sendable {
    package var path: String
    package var arguments: [String]
    package var environment: [String: String]
    /// Relative paths of sources and models begin here.
    package var folder: String

    package init(path: String, arguments: [String], environment: [String: String], folder: String) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }
}
