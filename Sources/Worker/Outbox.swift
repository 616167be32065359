internal import Synchronization

/// Collects what many tasks finish, for one task that sends it in batches.
///
/// Bounded by its users: a worker never holds more shards than its capacity.
final class Outbox<Item: Sendable>: Sendable {
    private let items = Mutex<[Item]>([])
    private let arrival = Signal()

    func put(_ item: Item) {
        items.withLock { $0.append(item) }
        arrival.send()
    }

    /// Ends the batches once everything put so far was taken.
    func close() { arrival.close() }

    /// Hands batches to `body`, each with all that came since the last one, until closed.
    func drain(_ body: ([Item]) async -> Void) async {
        while await arrival.wait() { await take(body) }
        await take(body)
    }

    private func take(_ body: ([Item]) async -> Void) async {
        let batch = items.withLock { items in
            defer { items = [] }
            return items
        }
        if !batch.isEmpty { await body(batch) }
    }
}
