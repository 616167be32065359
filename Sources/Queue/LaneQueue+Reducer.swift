import Logging
import Redis

extension LaneQueue {
    /// Up to `max` results that no reducer has yet; when there are none, waits up to `block` for the first.
    ///
    /// Results that arrive while the task is being cancelled are returned all the same. Merge them or drop them: what is
    /// not acknowledged goes to another reducer after a term.
    package func results(max: Int, block: Duration = .zero) async throws(QueueError) -> [ShardResult] {
        guard !Task.isCancelled else { throw .redis(.cancelled) }
        let results = try await results(read(keys.done, group: Self.reducerGroup, max: max, block: block))
        if results.isEmpty, Task.isCancelled { throw .redis(.cancelled) }
        return results
    }

    /// Takes over up to `max` results that a reducer took a term ago and did not acknowledge.
    ///
    /// That reducer may live and still merge them: the ledger counts each once.
    package func reclaimResults(max: Int) async throws(QueueError) -> [ShardResult] {
        try await results(takeOver(keys.done, done, sweep: keys.doneSweep, group: Self.reducerGroup, max: max))
    }

    /// Removes results that are merged; call it after the commit.
    package func acknowledgeResults(_ entries: [EntryID]) async throws(QueueError) {
        for batch in entries.batches(of: QueueLimits.scriptBatch) {
            var words = RedisWords()
            words.append(Self.reducerGroup)
            for entry in batch { words.append(entry.description) }
            do throws(QueueError) {
                _ = try await run(LaneScripts.acknowledgeResults, [keys.done], words)
            } catch .lost {
                continue  // Gone with the lane: nothing is left to remove.
            }
        }
    }

    /// The entries as results.
    ///
    /// An entry that is none holds nothing to merge; its shard, if any, is sent again later.
    private func results(_ entries: [StreamEntry]) async throws(QueueError) -> [ShardResult] {
        let results = entries.compactMap(\.result)
        guard results.count < entries.count else { return results }
        let strange = entries.filter { $0.result == nil }
        logger.error("dropped \(strange.count) entries of \(keys.done) that hold no result, first \(strange[0].id)")
        try await acknowledgeResults(strange.map(\.id))
        return results
    }
}
