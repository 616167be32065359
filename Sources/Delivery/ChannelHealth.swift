/// Whether a channel takes messages: told once when that changes, however many messages fail meanwhile.
struct ChannelHealth {
    enum Change: Equatable {
        case lost, regained(after: Duration)
    }

    private var since: ContinuousClock.Instant?

    mutating func note(works: Bool, at now: ContinuousClock.Instant) -> Change? {
        if works {
            defer { since = nil }
            return since.map { .regained(after: now - $0) }
        }
        guard since == nil else { return nil }
        since = now
        return .lost
    }
}
