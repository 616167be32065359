import Logging
import Redis

extension LaneQueue {
    /// Leases up to `max` shards; when none waits, waits up to `block` for the first.
    ///
    /// While the lane is empty one call is one command. It waits less than `block` when leases may end before. Shards that
    /// arrive while the task is being cancelled are returned all the same: hand them back with ``release(_:)``.
    ///
    /// - Throws: `.redis(.cancelled)` if the task was cancelled and nothing was leased.
    package func claim(max: Int, block: Duration = .zero) async throws(QueueError) -> ClaimOutcome {
        precondition(max > 0, "a claim asks for at least one shard, not \(max)")
        guard !Task.isCancelled else { throw .redis(.cancelled) }
        do throws(QueueError) {
            let mayWait = block > .zero && blocking != nil
            // After a wait in vain the next one follows at once: nothing came that could be claimed or held back.
            if !(mayWait && ready.isDrained) {
                var words = ownerWords()
                words.append(max)
                words.append(settings.resultBound)
                let reply = try await run(LaneScripts.claim, [keys.ready, keys.done, keys.generation], words)
                if reply == .integer(-1) { return .backpressure }
                if reply == .integer(-2) { return .lost }
                let leases = try await leases(Self.entries(flat: reply))
                guard leases.isEmpty else { return .leases(leases) }
            }
            if mayWait {
                ready.isDrained = false
                let block = ready.patience(block, sweep: settings.profile.sweep, at: .now)
                let leases = try await leases(read(keys.ready, group: Self.workerGroup, max: max, block: block))
                guard leases.isEmpty else { return .leases(leases) }
                ready.isDrained = true
            }
            if Task.isCancelled { throw .redis(.cancelled) }
            return .empty
        } catch .lost {
            return .lost
        }
    }

    /// Takes over up to `max` shards whose worker let their lease end.
    ///
    /// Call it every `profile.sweep`. It gives nothing while another process of the fleet has just looked, and asks nobody
    /// while nothing can have expired.
    package func reclaim(max: Int) async throws(QueueError) -> [Lease] {
        try await leases(
            takeOver(keys.ready, ready, sweep: keys.readySweep, group: Self.workerGroup, max: max))
    }

    /// Renews leases and returns those that this worker no longer has: their results would be refused.
    package func beat(_ leases: [Lease]) async throws(QueueError) -> [Lease] {
        var lost: Set<EntryID> = []
        for batch in leases.batches(of: QueueLimits.scriptBatch) {
            var words = ownerWords()
            for lease in batch { words.append(lease.entry.description) }
            do throws(QueueError) {
                let reply = try await run(LaneScripts.beat, [keys.ready], words)
                for id in reply.array ?? [] { lost.formUnion(id.bytes.flatMap { EntryID($0) }.map { [$0] } ?? []) }
            } catch .lost {
                lost.formUnion(batch.map(\.entry))  // A lane that is gone has no owners.
            }
        }
        return leases.filter { lost.contains($0.entry) }
    }

    /// Hands results over and ends their leases; `false` for each that was refused since another has the lease now.
    ///
    /// After an error it is unknown which were accepted. They may be sent again, the ledger counts each once.
    package func finish(_ finished: [Finished]) async throws(QueueError) -> [Bool] {
        var accepted: [Bool] = []
        for batch in finished.batches(
            of: QueueLimits.scriptBatch, weighing: { $0.parts.reduce(0) { $0 + $1.count } }, to: QueueLimits.scriptBytes
        ) {
            var words = ownerWords(
                reserving: batch.reduce(0) { $0 + 100 + $1.parts.reduce(0) { $0 + $1.count + 16 } })
            for shard in batch {
                words.append(shard.lease.entry.description)
                words.append(shard.lease.shard.bytes)
                words.append(shard.lease.attempt)
                words.append(shard.parts.count)
                for part in shard.parts { words.append(part) }
            }
            accepted += try await flags(LaneScripts.finish, [keys.ready, keys.done], words, count: batch.count)
        }
        return accepted
    }

    /// Ends leases of shards that need no result, since they are in the ledger; `false` where it was not ours any more.
    @discardableResult
    package func acknowledge(_ leases: [Lease]) async throws(QueueError) -> [Bool] {
        try await acknowledge(entries: leases.map(\.entry))
    }

    /// Hands shards back for others to run at once, without a try counted; `false` where it was not ours any more.
    @discardableResult
    package func release(_ leases: [Lease]) async throws(QueueError) -> [Bool] {
        var accepted: [Bool] = []
        for batch in leases.batches(of: QueueLimits.scriptBatch) {
            var words = ownerWords()
            for lease in batch {
                words.append(lease.entry.description)
                words.append(lease.shard.bytes)
            }
            accepted += try await flags(LaneScripts.release, [keys.ready], words, count: batch.count)
        }
        return accepted
    }

    /// Leaves the consumer groups, unless something is still held.
    ///
    /// The last step of a process.
    package func leave() async throws(QueueError) {
        _ = try await forgetConsumers(silentFor: .zero, only: settings.consumer)
    }
}

extension LaneQueue {
    private static func entries(flat reply: RedisValue) throws(QueueError) -> [StreamEntry] {
        guard let values = reply.array, values.count.isMultiple(of: 2) else { throw .unexpectedReply("a claim") }
        return try stride(from: 0, to: values.count, by: 2).map { index throws(QueueError) in
            guard let id = values[index].bytes.flatMap({ EntryID($0) }) else { throw .unexpectedReply("a claim") }
            return StreamEntry(id: id, attempt: 1, fields: [.null, values[index + 1]])
        }
    }

    /// The entries as leases.
    ///
    /// Entries that are no shard ids came from elsewhere and are dropped: nobody can run them.
    private func leases(_ entries: [StreamEntry]) async throws(QueueError) -> [Lease] {
        let leases = entries.compactMap(\.lease)
        guard leases.count < entries.count else { return leases }
        let strange = entries.filter { $0.lease == nil }
        logger.error("dropped \(strange.count) entries of \(keys.ready) that name no shard, first \(strange[0].id)")
        _ = try await acknowledge(entries: strange.map(\.id))
        return leases
    }

    private func acknowledge(entries: [EntryID]) async throws(QueueError) -> [Bool] {
        var accepted: [Bool] = []
        for batch in entries.batches(of: QueueLimits.scriptBatch) {
            var words = ownerWords()
            for entry in batch { words.append(entry.description) }
            accepted += try await flags(LaneScripts.acknowledge, [keys.ready], words, count: batch.count)
        }
        return accepted
    }

    /// Runs a script that answers 1 or 0 for each shard; a lane that is gone has no owners, so all are refused.
    private func flags(
        _ script: RedisScript, _ keys: [String], _ words: RedisWords, count: Int
    ) async throws(QueueError) -> [Bool] {
        do throws(QueueError) {
            let reply = try await run(script, keys, words)
            guard let flags = reply.array, flags.count == count else { throw .unexpectedReply(script.name) }
            return flags.map { $0 == .integer(1) }
        } catch .lost {
            return Array(repeating: false, count: count)
        }
    }
}
