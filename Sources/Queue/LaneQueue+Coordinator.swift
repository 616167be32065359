package import Domain
import Redis

extension LaneQueue {
    /// Makes streams and groups where they are missing, and notes which filling of the lane they hold.
    ///
    /// After a loss: ``reset()``, then ``enqueue(_:)`` all that is not in the ledger, and this last. A coordinator that
    /// dies before the end leaves no generation behind, so the next one begins again.
    package func prepare(generation: Int64) async throws(QueueError) {
        try await prepare(String(generation))
    }

    /// Makes streams and groups where they are missing, and leaves the generation as it is.
    package func prepare() async throws(QueueError) { try await prepare("") }

    private func prepare(_ generation: String) async throws(QueueError) {
        var words = groupWords
        words.append(generation)
        _ = try await run(LaneScripts.prepare, [keys.ready, keys.done, keys.generation], words)
    }

    /// Empties the lane and takes its generation away, when what it holds can no longer be trusted.
    ///
    /// Leases and results of before are refused from now on, so what is sent next runs once.
    package func reset() async throws(QueueError) {
        let all = [keys.ready, keys.done, keys.generation, keys.readySweep, keys.doneSweep]
        _ = try await run(LaneScripts.reset, all, groupWords)
    }

    /// The generation last noted, or `nil` if the lane or one of its groups is lost or in doubt.
    ///
    /// In doubt it is after every restart or failover of the server too: what it holds may be older than what was sent.
    package func generation() async throws(QueueError) -> Int64? {
        let lane = [keys.ready, keys.done, keys.generation]
        return try await run(LaneScripts.generation, lane, groupWords).integer
    }

    /// Sends shards to the workers.
    ///
    /// - Throws: `.lost` if the lane is missing. After any error some may have been sent; sending them again is harmless.
    package func enqueue(_ shards: [ShardID]) async throws(QueueError) {
        for batch in shards.batches(of: QueueLimits.enqueueBatch) {
            let commands = batch.map { shard in
                // NOMKSTREAM: a stream made by the way would have no group, and would hide that the lane is lost.
                var command = RedisCommand("XADD", keys.ready, "NOMKSTREAM", "*", "s")
                command.append(shard.bytes)
                return command
            }
            let replies: [RedisValue]
            do throws(RedisError) {
                replies = try await redis.pipeline(commands, shielded: true)
                if let failed = replies.lazy.compactMap({ RedisError(reply: $0) }).first { throw failed }
            } catch {
                throw QueueError(error)
            }
            guard !replies.contains(.null) else { throw .lost }
        }
    }

    /// Counts waiting shards, leases and results, all of one moment.
    package func depth() async throws(QueueError) -> Depth {
        var words = RedisWords()
        words.append(Self.workerGroup)
        let reply = try await run(LaneScripts.depth, [keys.ready, keys.done], words)
        guard let parts = reply.array, parts.count >= 3, let length = parts[0].integer,
            let leased = parts[1].integer, let results = parts[2].integer
        else { throw .unexpectedReply("a depth") }
        var depth = Depth(waiting: Int(max(0, length - leased)), inFlight: Int(leased), results: Int(results))
        for index in stride(from: 3, to: parts.count - 1, by: 2) {
            depth.consumers[parts[index].text ?? ""] = Int(parts[index + 1].integer ?? 0)
        }
        return depth
    }

    /// Forgets consumers of both groups that hold nothing and were silent for a time; returns how many.
    ///
    /// Each process start makes a new consumer, so without this the groups grow for ever.
    @discardableResult
    package func forgetConsumers(silentFor time: Duration) async throws(QueueError) -> Int {
        try await forgetConsumers(silentFor: time, only: "")
    }

    func forgetConsumers(silentFor time: Duration, only name: String) async throws(QueueError) -> Int {
        var gone = 0
        for (key, group) in [(keys.ready, Self.workerGroup), (keys.done, Self.reducerGroup)] {
            var words = RedisWords()
            words.append(group)
            words.append(time.milliseconds)
            words.append(name)
            gone += Int(try await run(LaneScripts.forgetConsumers, [key], words).integer ?? 0)
        }
        return gone
    }

    private var groupWords: RedisWords {
        var words = RedisWords()
        words.append(Self.workerGroup)
        words.append(Self.reducerGroup)
        return words
    }
}
