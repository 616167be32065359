/// One attempt at a time that serves all who wait for it, paced by a back-off while it fails.
///
/// A value without clock and server: its owner keeps it under a lock, and makes the attempt when ``join(_:)`` says so.
struct SharedAttempt<Success: Sendable> {
    /// The tasks that wait for the attempt under way; `nil` when none is.
    private var waiting: [Waiter<Success>]?
    private var backoff: Backoff
    /// When the next attempt may begin at the earliest.
    private(set) var notBefore: ContinuousClock.Instant?

    init(_ backoff: Backoff) { self.backoff = backoff }

    var isUnderWay: Bool { waiting != nil }

    /// Lets a task wait for the attempt; true when there is none under way, so that the caller must make it.
    mutating func join(_ waiter: Waiter<Success>) -> Bool {
        defer { waiting = (waiting ?? []) + [waiter] }
        return waiting == nil
    }

    /// Notes how the attempt ended; returns who waits for it.
    ///
    /// - Parameter pause: the least time until the next attempt after one that succeeded.
    mutating func end(succeeded: Bool, pause: Duration) -> [Waiter<Success>] {
        if succeeded { backoff.reset() }
        notBefore = .now + (succeeded ? pause : backoff.next())
        return leave()
    }

    /// Returns who waits, for an owner that is closing.
    mutating func leave() -> [Waiter<Success>] {
        defer { waiting = nil }
        return waiting ?? []
    }
}
