/// How one shard stands, as PostgreSQL sees it: a value without clock and servers.
///
/// The functions of the database do the same (a property test compares them). A shard may be sent twice, so each event
/// has a meaning in each state: a result counts whenever it comes, and then nothing changes any more.
package struct ShardMachine: Equatable, Sendable {
    /// Leases that may end without a word: machines die at random, and a shard must not pay for that.
    package static let deathLimit = 10
    package static let errorLimit = 5
    /// The longest pause after the first error; each further one doubles it, up to `longestDelay`.
    package static let firstDelay = Duration.seconds(1)
    package static let longestDelay = Duration.seconds(300)

    package enum State: Equatable, Sendable {
        case waiting
        case leased
        /// Due again after a random time of at most this (full jitter).
        case delayed(atMost: Duration)
        case merged
        /// Set aside until a person asks for another try.
        case dead
    }

    package enum Event: Equatable, Sendable {
        case claimed
        /// By a worker that stops: no try is counted.
        case handedBack
        /// Without a word: its worker died, or was away too long.
        case leaseEnded
        case failed(FailureClass)
        /// The pause after an error is over.
        case due
        case merged
        /// Asked for by a person.
        case retried
    }

    package private(set) var state = State.waiting
    package private(set) var deaths = 0
    package private(set) var errors = 0

    package init() {}

    /// Whether the next run belongs into a trial: it may be the shard that ended its worker.
    package var isSuspect: Bool { deaths > 0 }

    package mutating func apply(_ event: Event) {
        switch (state, event) {
        case (.merged, _): break
        case (_, .merged): state = .merged
        case (.waiting, .claimed): state = .leased
        case (.leased, .handedBack): state = .waiting
        case (.delayed, .due): state = .waiting
        case (_, .leaseEnded): leaseEnded()
        case (_, .failed(let failure)): failed(failure)
        case (.dead, .retried): (state, deaths, errors) = (.delayed(atMost: .zero), 0, 0)
        case (_, .claimed), (_, .handedBack), (_, .due), (_, .retried): break
        }
    }

    private mutating func leaseEnded() {
        deaths += 1
        if deaths >= Self.deathLimit { state = .dead }
        if state == .leased { state = .waiting }
    }

    private mutating func failed(_ failure: FailureClass) {
        // A poisonous record is no failure of its shard.
        guard failure != .poison else { return }
        errors += 1
        guard state != .dead else { return }
        guard failure == .transient, errors < Self.errorLimit else {
            state = .dead
            return
        }
        state = .delayed(atMost: min(Self.firstDelay * (1 << (errors - 1)), Self.longestDelay))
    }
}
