extension RedisClient {
    /// How long a cancelled blocking read may take to end before its connection is closed.
    private static let unblockLimit: Duration = .milliseconds(60)

    /// Sends a command that may wait on the server for up to `duration`.
    ///
    /// Use a client that serves nothing else: whatever is sent behind waits too. One call at a time.
    ///
    /// A dropped wait would not stop the server: it could still hand entries to this consumer. So when the task is
    /// cancelled, `CLIENT UNBLOCK` goes out over `other` and the reply is awaited; it is returned with whatever
    /// it holds, `.null` as a rule. Only if that does not help within a moment is the connection closed and `.cancelled`
    /// thrown; entries given meanwhile then belong to nobody until their lease ends.
    package func block(
        _ command: RedisCommand, for duration: Duration, unblockedBy other: RedisClient
    ) async throws(RedisError) -> RedisValue {
        let connection = try await connection(shielded: false)
        guard !Task.isCancelled else { throw .cancelled }
        let request = Request([command], patience: duration + settings.timeout)
        connection.send(request)
        let outcome: Waiter<[RedisValue]>.Outcome = await withTaskCancellationHandler {
            do throws(RedisError) {
                return .success(try await request.waiter.value(shielded: true))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            Self.unblock(connection, request, through: other)
        }
        let replies: [RedisValue]
        do throws(RedisError) {
            replies = try outcome.get()
        } catch {
            throw Task.isCancelled ? .cancelled : error
        }
        guard let reply = replies.first else { throw .protocolViolation("no reply to \(command.name)") }
        if let error = RedisError(reply: reply) { throw error }
        return reply
    }

    /// Unstructured tasks, since a cancellation handler cannot wait; both end within `unblockLimit` and a reply's time.
    private static func unblock(_ connection: RedisConnection, _ request: Request, through other: RedisClient) {
        Task {
            try? await Task.sleep(for: unblockLimit)
            if !request.waiter.isDone { connection.close() }
        }
        guard let identifier = connection.clientID else { return connection.close() }
        Task {
            // More than once, since the first may arrive before the command that it shall end.
            while !request.waiter.isDone, connection.isActive {
                guard (try? await other.send("CLIENT", "UNBLOCK", String(identifier))) != nil else { break }
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}
