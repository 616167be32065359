import Logging
import Synchronization

/// One server, by a connection that tasks share and that comes back by itself.
///
/// All commands travel over one connection and are answered in order, so many waiting tasks cost one socket. Trouble is
/// told to the callers and hardly logged: they know what it means, and how often to say so.
final class RedisNode: Sendable {
    private struct State {
        var connection: RedisConnection?
        var attempt: SharedAttempt<RedisConnection>
        var isClosed = false
    }

    let url: RedisURL
    let settings: RedisClient.Settings
    private let logger: Logger
    private let state: Mutex<State>

    /// Does not connect yet: the first command does.
    init(_ url: RedisURL, settings: RedisClient.Settings, logger: Logger) {
        self.url = url
        self.settings = settings
        self.logger = logger
        let backoff = Backoff(base: .milliseconds(50), limit: settings.retryLimit)
        state = Mutex(State(attempt: SharedAttempt(backoff)))
    }

    deinit { close() }

    /// Closes the connection; every waiting command fails, later ones too.
    func close() {
        let (connection, waiting) = state.withLock { state in
            state.isClosed = true
            defer { state.connection = nil }
            return (state.connection, state.attempt.leave())
        }
        for waiter in waiting { waiter.complete(.failure(.closed)) }
        connection?.close()
    }

    /// Sends all commands in one write and returns one reply each.
    func exchange(_ commands: [RedisCommand], shielded: Bool) async throws(RedisError) -> [RedisValue] {
        let connection = try await connection(shielded: shielded)
        let request = Request(commands, patience: settings.timeout)
        connection.send(request)
        let replies = try await request.waiter.value(shielded: shielded)
        // The name that led here may lead to another server by now: the next command shall find out.
        if replies.contains(where: \.isFromReplica) { connection.close() }
        return replies
    }
}

extension RedisNode {
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
            } else {
                return state.attempt.join(waiter)
            }
            return false
        }
        // Unstructured, since the attempt serves all who wait and outlives the task that began it. It is bounded by
        // `retryLimit` and `connectTimeout`.
        if mustConnect { Task { await connect() } }
        return try await waiter.value(shielded: shielded)
    }

    private func connect() async {
        if let moment = state.withLock({ $0.attempt.notBefore }) { try? await Task.sleep(until: moment) }
        let outcome: Waiter<RedisConnection>.Outcome
        do throws(RedisError) {
            outcome = .success(
                try await RedisConnection.open(url, name: settings.name, patience: settings.connectTimeout))
            logger.debug("connected to \(url)")
        } catch {
            outcome = .failure(error)
            logger.debug("\(error)")
        }
        let (waiting, isClosed) = state.withLock { state in
            if case .success(let connection) = outcome, !state.isClosed { state.connection = connection }
            // A server that accepts and drops at once must not be called in a tight loop either.
            return (state.attempt.end(succeeded: outcome.isSuccess, pause: .milliseconds(10)), state.isClosed)
        }
        if isClosed, case .success(let connection) = outcome { connection.close() }
        for waiter in waiting { waiter.complete(outcome) }
    }
}

extension RedisValue {
    /// The refusal of a write by a server that is no primary any more.
    var isFromReplica: Bool {
        guard case .error(let text) = self else { return false }
        return text.hasPrefix("READONLY")
    }
}
