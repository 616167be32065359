import Domain
import Store
import Synchronization

/// When each request was due, accepted, and seen in SQL.
final class LiveTrack: Sendable {
    struct Request: Sendable {
        let shard: ShardID
        let due: ContinuousClock.Instant
        let accepted: ContinuousClock.Instant
    }

    private struct State {
        var waiting: [Request] = []
        var seen = 0
        var repeats = 0
        var accepted = Times()
        var sent = Times()
    }

    /// How exactly a moment is known; each look costs one small query.
    private static let look = Duration.milliseconds(20)

    private let state = Mutex(State())

    func note(_ request: Request) { state.withLock { $0.waiting.append(request) } }

    func noteRepeat() { state.withLock { $0.repeats += 1 } }

    var repeats: Int { state.withLock(\.repeats) }
    /// From the answer 202 to the moment at which SQL shows the posts.
    var accepted: Times { state.withLock(\.accepted) }
    /// From the moment at which the request was due.
    var sent: Times { state.withLock(\.sent) }

    func forgetTimes() {
        state.withLock { state in
            state.accepted = Times()
            state.sent = Times()
        }
    }

    /// Looks until so many requests were seen.
    ///
    /// The ledger and the trends change in one transaction: whoever sees one sees the other.
    func watch(_ store: Store, until count: Int) async throws {
        let store = store.sibling()
        while state.withLock(\.seen) < count {
            try await Task.sleep(for: Self.look)
            let shards = Set(state.withLock { $0.waiting.map(\.shard) }).sorted()
            let merged = Set(try await store.describe(shards).filter { $0.value == .merged }.keys)
            guard !merged.isEmpty else { continue }
            let now = ContinuousClock.now
            state.withLock { state in
                for request in state.waiting where merged.contains(request.shard) {
                    state.accepted.add(max(.zero, now - request.accepted))
                    state.sent.add(now - request.due)
                    state.seen += 1
                }
                state.waiting.removeAll { merged.contains($0.shard) }
            }
        }
        await store.close()
    }
}
