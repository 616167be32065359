import Synchronization

/// What one process knows of a stream's quiet times, so that it sends no command whose answer it knows.
///
/// A lease begun after a moment cannot end within a term of it. So when nobody held one at the last look, the next look
/// for expired leases may wait a whole term, and an idle fleet costs the server nearly nothing.
final class QuietStream: Sendable {
    typealias Instant = ContinuousClock.Instant

    private enum LastLook {
        case none
        /// Some were held: they may end at any time.
        case leases
        /// Nobody held one, so none can end before this moment.
        case quiet(until: Instant)
    }

    private struct State {
        var lastLook = LastLook.none
        /// The last read waited its time out.
        var isDrained = false
    }

    private let state = Mutex(State())

    /// - Parameter leases: how many were held at a moment not before `asked`.
    func looked(at asked: Instant, leases: Int, term: Duration) {
        state.withLock { $0.lastLook = leases == 0 ? .quiet(until: asked + term) : .leases }
    }

    /// Whether a look for expired leases may find any.
    func mayHaveExpired(at now: Instant) -> Bool {
        guard case .quiet(let moment) = state.withLock({ $0.lastLook }) else { return true }
        return now >= moment
    }

    /// How long a read may wait and still leave time for the next look; as long as it likes for one who never looks.
    func patience(_ wanted: Duration, sweep: Duration, at now: Instant) -> Duration {
        switch state.withLock({ $0.lastLook }) {
        case .none: wanted
        case .leases: min(wanted, sweep)
        case .quiet(let moment): min(wanted, max(moment - now, sweep))
        }
    }

    /// Whether the last read found nothing for all its waiting.
    var isDrained: Bool {
        get { state.withLock { $0.isDrained } }
        set { state.withLock { $0.isDrained = newValue } }
    }

    /// Looks anew the next time.
    func forget() { state.withLock { $0 = State() } }
}
