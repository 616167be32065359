internal import Domain
internal import Queue
internal import Synchronization

/// The leases this process holds in one lane, shared by its claims, heartbeats and threads.
final class HeldShards: Sendable {
    private struct State {
        var table: LeaseTable
        var isStopping = false
    }

    private let state: Mutex<State>
    private let profile: LeaseProfile

    init(profile: LeaseProfile) {
        self.profile = profile
        state = Mutex(State(table: LeaseTable(profile: profile)))
    }

    /// The jobs whose shards are held.
    var jobs: Set<JobID> { Set(state.withLock { $0.table.leases }.map(\.shard.job)) }

    var count: Int { state.withLock { $0.table.count } }

    /// - Parameter moment: when the leases were asked for.
    func hold(_ leases: [Lease], since moment: ContinuousClock.Instant) {
        state.withLock { $0.table.hold(leases, at: moment) }
    }

    func end(_ leases: [Lease]) { state.withLock { $0.table.end(leases) } }

    /// From now on all work is handed back.
    func stop() { state.withLock { $0.isStopping = true } }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Whether work on the shard should end: another worker has it, or this process is about to end.
    func isAbandoned(_ lease: Lease) -> Bool {
        state.withLock { $0.isStopping || !$0.table.contains(lease) }
    }

    // MARK: Heartbeats

    func takeDue(at now: ContinuousClock.Instant) -> [Lease] { state.withLock { $0.table.takeDue(at: now) } }

    func settle(sent: [Lease], lost: [Lease], sentAt moment: ContinuousClock.Instant) {
        state.withLock { $0.table.settle(sent: sent, lost: lost, sentAt: moment) }
    }

    /// How long until a lease is due; a quarter of the interval at most, since new ones may come meanwhile.
    func pause(after now: ContinuousClock.Instant) -> Duration {
        let next = state.withLock { $0.table.nextBeat(after: now) } ?? now + profile.beat / 4
        return min(max(next - now, .milliseconds(1)), profile.beat / 4)
    }
}
