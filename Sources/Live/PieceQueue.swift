package import Domain
internal import Synchronization

/// What became of a piece.
package enum PieceOutcome: Equatable, Sendable {
    case kept(ShardID, posts: Int)
    /// Its key was used before, for the same posts: they count once.
    case repeated(ShardID, posts: Int)
    /// Its key was used before, for other posts.
    case keyIsTaken
}

/// The posts of requests on their way into batches: each sender waits until its posts are kept.
///
/// Bounded by ``Pressure``, which requests pass before.
final class PieceQueue: Sendable {
    /// A piece with the sender that waits for it.
    struct Waiting: Sendable {
        let piece: LivePiece
        let since: ContinuousClock.Instant
        let reply: CheckedContinuation<PieceOutcome, any Error>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isClosed = false
    }

    private let settings: LiveSettings
    private let state = Mutex(State())
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    init(settings: LiveSettings) {
        self.settings = settings
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Waits until the piece is kept.
    func put(_ piece: LivePiece) async throws -> PieceOutcome {
        try await withCheckedThrowingContinuation { reply in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.waiting.append(Waiting(piece: piece, since: .now, reply: reply)) }
                return state.isClosed
            }
            if isClosed { reply.resume(throwing: CancellationError()) } else { change.yield() }
        }
    }

    /// No more pieces come: what waits makes the last batches.
    func close() {
        state.withLock { $0.isClosed = true }
        change.yield()
    }

    /// The next batch, once it is full or its first piece has waited long enough; `nil` at the end.
    func next() async -> [Waiting]? {
        var timer: Task<Void, any Error>?
        defer { timer?.cancel() }
        var changes = changes.makeAsyncIterator()
        while true {
            switch state.withLock({ take(&$0, at: .now) }) {
            case .batch(let batch): return batch
            case .ended: return nil
            case .due(let moment):
                if timer == nil {
                    // Wakes this loop; it ends with it.
                    timer = Task {
                        try await Task.sleep(until: moment, clock: .continuous)
                        change.yield()
                    }
                }
            case .empty: break
            }
            // Cancelled: nobody may wait for ever.
            if await changes.next() == nil { close() }
        }
    }

    private enum Next {
        case batch([Waiting])
        case due(ContinuousClock.Instant)
        case empty
        case ended
    }

    private func take(_ state: inout State, at now: ContinuousClock.Instant) -> Next {
        guard let first = state.waiting.first else { return state.isClosed ? .ended : .empty }
        var (posts, bytes, count) = (0, 0, 0)
        while count < state.waiting.count, posts < settings.batchPosts, bytes < settings.batchBytes {
            posts += state.waiting[count].piece.posts
            bytes += state.waiting[count].piece.text.count
            count += 1
        }
        let isFull = posts >= settings.batchPosts || bytes >= settings.batchBytes
        let due = first.since + settings.linger
        guard isFull || state.isClosed || now >= due else { return .due(due) }
        defer { state.waiting.removeFirst(count) }
        return .batch(Array(state.waiting.prefix(count)))
    }
}
