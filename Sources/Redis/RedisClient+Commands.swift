extension RedisClient {
    /// Sends one command and returns its reply.
    ///
    /// - Parameter shielded: Wait for the reply even when the task is cancelled: for commands whose outcome must be known,
    ///   and for clearing up in a task that is being cancelled. The wait stays bounded by the time-outs.
    /// - Throws: also the server's own error as `RedisError.server` or `.authentication`.
    package func send(_ command: RedisCommand, shielded: Bool = false) async throws(RedisError) -> RedisValue {
        try Self.only(try await pipeline([command], shielded: shielded), to: command)
    }

    /// Sends a command given as words.
    package func send(_ name: String, _ arguments: String...) async throws(RedisError) -> RedisValue {
        var command = RedisCommand(name)
        for argument in arguments { command.append(argument) }
        return try await send(command)
    }

    /// Runs a script by its digest, and sends its text when the server does not know it.
    package func eval(
        _ script: RedisScript, keys: [String], _ arguments: RedisWords = RedisWords(), shielded: Bool = false
    ) async throws(RedisError) -> RedisValue {
        do {
            return try await send(
                script.command(keys: keys, arguments: arguments, whole: false), shielded: shielded)
        } catch {
            // The text goes after a restart, `SCRIPT FLUSH`, or on a new node. The refused script did nothing.
            guard case .server("NOSCRIPT", _) = error else { throw error }
            return try await send(script.command(keys: keys, arguments: arguments, whole: true), shielded: shielded)
        }
    }
}
