import Logging
import Redis

extension LaneQueue {
    /// Entries of a group whose owner was silent for a term, now ours.
    func takeOver(
        _ key: String, _ stream: QuietStream, sweep: String, group: String, max: Int
    ) async throws(QueueError) -> [StreamEntry] {
        precondition(max > 0, "a reclaim asks for at least one entry, not \(max)")
        let asked = ContinuousClock.now
        guard stream.mayHaveExpired(at: asked) else { return [] }
        var entries: [StreamEntry] = []
        var from = "0-0"
        for _ in 0..<QueueLimits.reclaimRounds {
            var words = RedisWords()
            words.append(group)
            words.append(settings.consumer)
            words.append(settings.profile.term.milliseconds)
            words.append(max - entries.count)
            // A little less than the interval, so that a look every interval always finds it gone.
            words.append(Swift.max(1, settings.profile.sweep.milliseconds * 4 / 5))
            words.append(from)
            let reply = try await run(LaneScripts.reclaim, [key, sweep], words)
            guard let parts = reply.array, parts.count >= 3, let next = parts[0].text, let gone = parts[1].integer,
                let held = parts[2].integer
            else { throw .unexpectedReply("a reclaim") }
            if gone > 0 {
                logger.warning("\(gone) leases on \(key) had lost their entries; the coordinator sends them again")
            }
            stream.looked(at: asked, leases: Int(held), term: settings.profile.term)
            entries += try parts.dropFirst(3).map { value throws(QueueError) in try StreamEntry(value) }
            from = next
            if from == "0-0" || entries.count >= max { break }
        }
        return entries
    }
}

extension Array {
    /// The elements in runs of at most `size`, and of at most `limit` together unless a single one is heavier.
    func batches(
        of size: Int, weighing weight: (Element) -> Int = { _ in 0 }, to limit: Int = .max
    ) -> [ArraySlice<Element>] {
        var batches: [ArraySlice<Element>] = []
        var start = 0
        var load = 0
        for (index, element) in enumerated() {
            let own = weight(element)
            if index > start, index - start == size || load + own > limit {
                batches.append(self[start..<index])
                (start, load) = (index, 0)
            }
            load += own
        }
        if start < count { batches.append(self[start...]) }
        return batches
    }
}
