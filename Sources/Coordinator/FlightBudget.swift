package import Domain
internal import Synchronization

/// Shares a limit of shards in flight among lanes that are filled side by side, the more urgent lanes first.
package struct FlightBudget: Sendable {
    /// `nil` for no limit.
    package let limit: Int?
    private var occupied: [Lane: Int] = [:]
    /// What lanes asked for and did not get: less urgent ones leave it to them.
    private var unmet: [Lane: Int] = [:]

    package init(limit: Int?) { self.limit = limit }

    /// How many shards a lane may send.
    ///
    /// - Parameter inFlight: what the lane has in flight now.
    package mutating func free(for lane: Lane, inFlight: Int) -> Int {
        guard let limit else { return .max }
        occupied[lane] = inFlight
        let urgent = Lane.allCases.prefix { $0 != lane }
        return max(0, limit - occupied.values.reduce(0, +) - urgent.reduce(0) { $0 + unmet[$1, default: 0] })
    }

    /// Takes up to `wanted` places for a lane.
    package mutating func take(_ wanted: Int, for lane: Lane, inFlight: Int) -> Int {
        let taken = min(wanted, free(for: lane, inFlight: inFlight))
        occupied[lane, default: 0] += taken
        unmet[lane] = wanted - taken
        return taken
    }
}

/// The budget that the lanes of one coordinator share.
final class FlightLimit: Sendable {
    private let budget: Mutex<FlightBudget>
    let isSet: Bool

    init(_ limit: Int?) {
        budget = Mutex(FlightBudget(limit: limit))
        isSet = limit != nil
    }

    func free(for lane: Lane, inFlight: Int) -> Int { budget.withLock { $0.free(for: lane, inFlight: inFlight) } }

    func take(_ wanted: Int, for lane: Lane, inFlight: Int) -> Int {
        budget.withLock { $0.take(wanted, for: lane, inFlight: inFlight) }
    }
}
