package import Logging
import Synchronization

/// A Redis connection that tasks share and that comes back by itself.
///
/// All commands travel over one connection and are answered in order, so many waiting tasks cost one socket. A command
/// that waits on the server (`BLOCK`) would hold up all behind it: give such reads a client of their own, see
/// ``block(_:for:unblockedBy:)``. Commands are never repeated by the client: only the caller knows whether that is safe.
package final class RedisClient: Sendable {
    package struct Settings: Sendable {
        /// How long a reply may take before the connection is given up.
        package var timeout: Duration = .seconds(5)
        /// How long connecting and logging in may take.
        package var connectTimeout: Duration = .seconds(3)
        /// Ceiling of the pause between attempts: a server that returns is found again within it.
        package var retryLimit: Duration = .seconds(1)
        /// Shown by `CLIENT LIST`; without spaces.
        package var name = "groundswell"

        package init() {}
    }

    private struct State {
        var connection: RedisConnection?
        /// The tasks that wait for the attempt under way; `nil` when none is.
        var waiting: [Waiter<RedisConnection>]?
        var backoff: Backoff
        var notBefore: ContinuousClock.Instant?
        var isClosed = false
    }

    package let url: RedisURL
    package let settings: Settings
    private let logger: Logger
    private let state: Mutex<State>

    /// Does not connect yet: the first command does.
    package init(_ url: RedisURL, settings: Settings = Settings(), logger: Logger = Logger(label: "redis")) {
        self.url = url
        self.settings = settings
        self.logger = logger
        let backoff = Backoff(base: .milliseconds(50), limit: settings.retryLimit)
        state = Mutex(State(backoff: backoff))
    }

    deinit { close() }

    /// Another client to the same server, for blocking reads.
    package func sibling() -> RedisClient { RedisClient(url, settings: settings, logger: logger) }

    /// Closes the connection; every waiting command fails, later ones too.
    package func close() {
        let (connection, waiting) = state.withLock { state in
            state.isClosed = true
            defer { (state.connection, state.waiting) = (nil, nil) }
            return (state.connection, state.waiting ?? [])
        }
        for waiter in waiting { waiter.complete(.failure(.closed)) }
        connection?.close()
    }
}

extension RedisClient {
    /// The living connection, or a new one; waits for the attempt under way, pause included.
    ///
    /// So a caller that tries again at once is slowed to the pace of the attempts.
    func connection(shielded: Bool) async throws(RedisError) -> RedisConnection {
        let waiter = Waiter<RedisConnection>()
        let mustConnect = state.withLock { state in
            if state.isClosed {
                waiter.complete(.failure(.closed))
            } else if let connection = state.connection, connection.isActive {
                waiter.complete(.success(connection))
            } else if state.waiting != nil {
                state.waiting?.append(waiter)
            } else {
                state.waiting = [waiter]
                return true
            }
            return false
        }
        // Unstructured, since the attempt serves all who wait and outlives the task that began it. It is bounded by
        // `retryLimit` and `connectTimeout`.
        if mustConnect { Task { await connect() } }
        return try await waiter.value(shielded: shielded)
    }

    private func connect() async {
        if let moment = state.withLock({ $0.notBefore }) { try? await Task.sleep(until: moment) }
        let outcome: Waiter<RedisConnection>.Outcome
        do throws(RedisError) {
            outcome = .success(
                try await RedisConnection.open(url, name: settings.name, patience: settings.connectTimeout))
        } catch {
            outcome = .failure(error)
        }
        let (waiting, isClosed) = state.withLock { state in
            defer { state.waiting = nil }
            settle(outcome, in: &state)
            return (state.waiting ?? [], state.isClosed)
        }
        report(outcome)
        if isClosed, case .success(let connection) = outcome { connection.close() }
        for waiter in waiting { waiter.complete(outcome) }
    }

    private func settle(_ outcome: Waiter<RedisConnection>.Outcome, in state: inout State) {
        switch outcome {
        case .success(let connection):
            state.backoff.reset()
            // A server that accepts and drops at once must not be called in a tight loop either.
            state.notBefore = .now + .milliseconds(10)
            if !state.isClosed { state.connection = connection }
        case .failure:
            state.notBefore = .now + state.backoff.next()
        }
    }

    private func report(_ outcome: Waiter<RedisConnection>.Outcome) {
        switch outcome {
        case .success(let connection):
            logger.debug("connected to \(url)")
            connection.onClose { [weak self, logger, url] in
                guard let self, !state.withLock({ $0.isClosed }) else { return }
                LineLimiter.log(
                    .debug, to: logger, "the connection to \(url) ended; it comes back with the next command")
            }
        case .failure(let error):
            // Who waited is told, and says so.
            LineLimiter.log(.debug, to: logger, "\(error)")
        }
    }
}
