extension RedisNode {
    /// How long a cancelled blocking read may take to end before its connection is closed.
    private static let unblockLimit: Duration = .milliseconds(500)

    /// Sends commands of which the last may wait on the server for up to `duration`; see `RedisClient.block`.
    func block(
        _ commands: [RedisCommand], for duration: Duration, unblockedBy other: RedisNode
    ) async throws(RedisError) -> [RedisValue] {
        let connection = try await connection(shielded: false)
        guard !Task.isCancelled else { throw .cancelled }
        let request = Request(commands, patience: duration + settings.timeout)
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
        do throws(RedisError) {
            return try outcome.get()
        } catch {
            throw Task.isCancelled ? .cancelled : error
        }
    }

    /// Unstructured tasks, since a cancellation handler cannot wait; both end within `unblockLimit` and a reply's time.
    private static func unblock(_ connection: RedisConnection, _ request: Request, through other: RedisNode) {
        Task {
            try? await Task.sleep(for: unblockLimit)
            if !request.waiter.isDone { connection.close() }
        }
        guard let identifier = connection.clientID else { return connection.close() }
        Task {
            let command = RedisCommand("CLIENT", "UNBLOCK", String(identifier))
            // More than once, since the first may arrive before the command that it shall end.
            while !request.waiter.isDone, connection.isActive {
                let replies = try? await other.exchange([command], shielded: false)
                guard let reply = replies?.first, RedisError(reply: reply) == nil else { break }
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}
