/// Decides how many shards should wait in a lane: what its workers take in a second.
///
/// The lane is first in, first out, so what waits is also what a new job waits behind, whatever its weight, and what is
/// dropped one by one when its job is cancelled. A second is five rounds of the coordinator, so workers do not run dry.
/// A value: moments come in.
package struct WindowSize: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private static let horizonSeconds = 1.0
    /// What a first round sends, and what slow shards keep: some for each of a dozen threads.
    private static let floor = 64
    /// A lane found empty may be able to take any number more: four times as many are tried.
    private static let growth = 4
    /// A lull of a round is not believed at once.
    private static let decay = 0.9

    /// How many shards should wait.
    package private(set) var target: Int
    private let limit: Int
    private var last: (waiting: Int, moment: Instant)?

    package init(limit: Int) {
        self.limit = max(1, limit)
        target = min(Self.floor, self.limit)
    }

    /// Takes in how many wait before this round's sending.
    package mutating func observed(waiting: Int, at now: Instant) {
        defer { last = (waiting, now) }
        guard let last, last.waiting > 0, now > last.moment else { return }
        let seconds = (now - last.moment) / .seconds(1)
        let wanted = Double(max(0, last.waiting - waiting)) / seconds * Self.horizonSeconds
        let least = waiting == 0 ? Double(target * Self.growth) : Double(target) * Self.decay
        target = Int(min(Double(limit), max(wanted, least, Double(min(Self.floor, limit)))))
    }

    /// Takes in what this round sent.
    package mutating func sent(_ count: Int) { last?.waiting += count }

    /// Nothing is to be sent: what workers take now says nothing of what they could take.
    package mutating func rest() { last = nil }
}
