/// One lease as its worker knows it: when to renew it, and whether it may still be ours.
///
/// Pure: time comes in, decisions go out. Only the server knows who owns a shard. When the term passes without an answer the
/// lease is in doubt, not lost: while Redis is away nobody can take it over, and the work done is still welcome. It is lost
/// once the server says so. A result sent in doubt does no harm: the finish script refuses it if another has the lease.
package struct LeaseMachine: Equatable, Sendable {
    package typealias Instant = ContinuousClock.Instant

    package enum State: Equatable, Sendable {
        /// Nobody can have taken it before this moment.
        case held(until: Instant)
        case lost
        /// Finished, acknowledged or handed back.
        case ended
    }

    package enum Action: Equatable, Sendable {
        case beat
        case wait(until: Instant)
        /// Nothing more to do, ever.
        case rest
    }

    package private(set) var state: State
    private let profile: LeaseProfile
    private var nextBeat: Instant

    /// - Parameter moment: When the lease was asked for or, after a read that waited, when it came.
    package init(claimedAt moment: Instant, profile: LeaseProfile) {
        self.profile = profile
        state = .held(until: moment + profile.term)
        nextBeat = moment + profile.beat
    }

    package func action(at now: Instant) -> Action {
        guard case .held = state else { return .rest }
        return now < nextBeat ? .wait(until: nextBeat) : .beat
    }

    /// Whether the term has passed without the server's word.
    package func isDoubtful(at now: Instant) -> Bool {
        guard case .held(let deadline) = state else { return false }
        return now >= deadline
    }

    /// A beat is on its way; if no answer comes, the next follows after a fifth of the interval.
    package mutating func beatSent(at now: Instant) { nextBeat = max(nextBeat, now + profile.beat / 5) }

    /// The server renewed it.
    ///
    /// The term counts from the sending: the server's clock started later than that.
    package mutating func renewed(sentAt moment: Instant) {
        guard case .held(let deadline) = state else { return }
        state = .held(until: max(deadline, moment + profile.term))
        nextBeat = max(nextBeat, moment + profile.beat)
    }

    /// The server said that another has it.
    package mutating func refused() {
        guard case .held = state else { return }
        state = .lost
    }

    package mutating func end() {
        guard case .held = state else { return }
        state = .ended
    }
}
