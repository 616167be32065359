package import Domain
package import Logging
package import Redis

/// One lane of the queue: shard ids on their way to the workers, results on their way to the reducers.
///
/// Redis only dispatches; PostgreSQL knows what is done. So every step may run twice without harm, and whatever Redis
/// loses is sent again. Steps that change something wait for their reply even in a cancelled task (bounded by the
/// client's time-outs): a worker that is told to stop can still hand back what it holds.
package struct LaneQueue: Sendable {
    package static let workerGroup = "workers"
    package static let reducerGroup = "reducers"

    package let lane: Lane
    package let keys: LaneKeys
    package let settings: QueueSettings
    let redis: RedisClient
    let blocking: RedisClient?
    let ready = QuietStream()
    let done = QuietStream()
    let logger: Logger

    /// - Parameter blocking: A client that this queue has for itself, for reads that wait. Without it no call waits.
    package init(
        redis: RedisClient, blocking: RedisClient?, lane: Lane, settings: QueueSettings = QueueSettings(),
        logger: Logger = Logger(label: "queue")
    ) {
        precondition(
            blocking !== redis, "reads that wait need a client of their own: all commands behind them would wait")
        keys = LaneKeys(lane, namespace: settings.namespace)
        // All keys of a lane share one hash tag, so in a cluster one node at a time has the whole lane.
        self.redis = redis.serving(keys.ready)
        self.blocking = blocking?.serving(keys.ready)
        self.lane = lane
        self.settings = settings
        self.logger = logger
    }

    /// Runs a script to its end, cancelled or not.
    func run(
        _ script: RedisScript, _ keys: [String], _ words: RedisWords
    ) async throws(QueueError) -> RedisValue {
        do {
            return try await redis.eval(script, keys: keys, words, shielded: true)
        } catch {
            throw QueueError(error)
        }
    }

    /// The words that every script on leases begins with.
    func ownerWords(reserving bytes: Int = 0) -> RedisWords {
        var words = RedisWords()
        words.reserve(bytes: bytes)
        words.append(Self.workerGroup)
        words.append(settings.consumer)
        return words
    }

    /// Reads new entries of a stream, waiting for the first if there is a client for that.
    func read(
        _ key: String, group: String, max: Int, block: Duration
    ) async throws(QueueError) -> [StreamEntry] {
        precondition(max > 0, "a read asks for at least one entry, not \(max)")
        var command = RedisCommand("XREADGROUP", "GROUP", group, settings.consumer, "COUNT", String(max))
        let reply: RedisValue
        do throws(RedisError) {
            if block > .zero, let blocking {
                command.append("BLOCK")
                command.append(Swift.max(1, block.milliseconds))
                Self.append(key, to: &command)
                reply = try await blocking.block(command, for: block, unblockedBy: redis)
            } else {
                Self.append(key, to: &command)
                reply = try await redis.send(command, shielded: true)
            }
        } catch {
            throw QueueError(error)
        }
        guard !reply.isNull else { return [] }
        guard let entries = reply.array?.first?.array?.last?.array else { throw .unexpectedReply("XREADGROUP") }
        return try entries.map { value throws(QueueError) in try StreamEntry(value) }
    }

    private static func append(_ key: String, to command: inout RedisCommand) {
        command.append("STREAMS")
        command.append(key)
        command.append(">")
    }
}

extension Duration {
    /// Whole milliseconds, as Redis counts time.
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
