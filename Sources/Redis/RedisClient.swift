package import Logging

/// A way to a Redis server, or to the nodes of a Redis Cluster, that tasks share and that comes back by itself.
///
/// A command that waits on the server (`BLOCK`) would hold up all behind it: give such reads a client of their own, see
/// ``block(_:for:unblockedBy:)``. In a cluster a client serves the keys of one hash tag, see ``serving(_:)``.
/// Commands that may have run are never repeated by the client: only the caller knows whether that is safe.
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

    private enum Home {
        case server(RedisNode)
        case slot(HashSlot, RedisCluster)
    }

    package let url: RedisURL
    package let settings: Settings
    private let logger: Logger
    private let home: Home

    /// Does not connect yet: the first command does.
    ///
    /// In a cluster, commands without a key go to the primary of the first slot.
    package convenience init(
        _ url: RedisURL, settings: Settings = Settings(), logger: Logger = Logger(label: "redis")
    ) {
        let home: Home =
            if url.isCluster {
                .slot(HashSlot(number: 0), RedisCluster(url, settings: settings, logger: logger))
            } else {
                .server(RedisNode(url, settings: settings, logger: logger))
            }
        self.init(url, settings, logger, home)
    }

    private init(_ url: RedisURL, _ settings: Settings, _ logger: Logger, _ home: Home) {
        self.url = url
        self.settings = settings
        self.logger = logger
        self.home = home
    }

    /// The client for all keys with this one's hash tag, over the same connections; one server serves every key.
    package func serving(_ key: String) -> RedisClient {
        guard case .slot(_, let cluster) = home else { return self }
        return RedisClient(url, settings, logger, .slot(HashSlot(key: key), cluster))
    }

    /// Another client to the same place, for blocking reads.
    package func sibling() -> RedisClient {
        let other = RedisClient(url, settings: settings, logger: logger)
        guard case .slot(let slot, _) = home, case .slot(_, let cluster) = other.home else { return other }
        return RedisClient(url, settings, logger, .slot(slot, cluster))
    }

    /// Closes the connections, those of clients made by ``serving(_:)`` too; every waiting command fails, later ones too.
    package func close() {
        switch home {
        case .server(let node): node.close()
        case .slot(_, let cluster): cluster.close()
        }
    }
}

extension RedisClient {
    /// Sends all commands in one write and returns one reply each; a failed command's reply is `.error`.
    ///
    /// Keep a pipeline below some thousand commands: the whole of it is one buffer here and its replies are one there.
    package func pipeline(
        _ commands: [RedisCommand], shielded: Bool = false
    ) async throws(RedisError) -> [RedisValue] {
        guard !commands.isEmpty else { return [] }
        switch home {
        case .server(let node): return try await node.exchange(commands, shielded: shielded)
        case .slot(let slot, let cluster):
            return try await cluster.exchange(commands, in: slot, shielded: shielded) {
                node, commands throws(RedisError) in
                try await node.exchange(commands, shielded: shielded)
            }
        }
    }

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
        let replies: [RedisValue]
        switch home {
        case .server(let node):
            replies = try await node.block([command], for: duration, unblockedBy: other.beside(node))
        case .slot(let slot, let cluster):
            replies = try await cluster.exchange([command], in: slot, shielded: false) {
                node, commands throws(RedisError) in
                try await node.block(commands, for: duration, unblockedBy: other.beside(node))
            }
        }
        return try Self.only(replies, to: command)
    }

    /// Sends a command without a key to every server that takes writes.
    package func sendToEachPrimary(_ command: RedisCommand) async throws(RedisError) -> [RedisValue] {
        guard case .slot(_, let cluster) = home else { return [try await send(command)] }
        var values: [RedisValue] = []
        for node in try await cluster.primaries() {
            values.append(try Self.only(try await node.exchange([command], shielded: false), to: command))
        }
        return values
    }

    /// The one reply to one command.
    ///
    /// - Throws: also the error that the reply is.
    static func only(_ replies: [RedisValue], to command: RedisCommand) throws(RedisError) -> RedisValue {
        guard let reply = replies.first else { throw .protocolViolation("no reply to \(command.name)") }
        if let error = RedisError(reply: reply) { throw error }
        return reply
    }

    /// This client's own connection to the same server.
    private func beside(_ node: RedisNode) -> RedisNode {
        switch home {
        case .server(let own): own
        case .slot(_, let cluster): cluster.node(at: node.url.endpoint)
        }
    }
}
