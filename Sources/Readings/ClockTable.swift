internal import Domain

/// Readings by key within a bound of bytes; when full, those go first that nobody asked for since the last round.
///
/// The clock algorithm: nearly as good as least recently used, and asking again sets one bit.
struct ClockTable: Sendable {
    private struct Entry {
        var key: [Int32]
        var reading: DeepReading
        var wasAsked: Bool
    }

    /// Bytes of an entry beside its key: the value, both tables' slots with room to grow, headers; rather too many.
    static let overhead = 512

    private let limit: Int
    private var places: [[Int32]: Int] = [:]
    private var entries: [Entry] = []
    private var hand = 0
    private(set) var bytes = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { entries.count }

    mutating func reading(of key: [Int32]) -> DeepReading? {
        guard let place = places[key] else { return nil }
        entries[place].wasAsked = true
        return entries[place].reading
    }

    mutating func keep(_ reading: DeepReading, of key: [Int32]) {
        let cost = Self.cost(key)
        guard cost <= limit, places[key] == nil else { return }
        while bytes + cost > limit { dropOne() }
        places[key] = entries.count
        entries.append(Entry(key: key, reading: reading, wasAsked: false))
        bytes += cost
    }

    private static func cost(_ key: [Int32]) -> Int { key.count * 4 + overhead }

    private mutating func dropOne() {
        if hand >= entries.count { hand = 0 }
        while entries[hand].wasAsked {
            entries[hand].wasAsked = false
            hand = hand + 1 == entries.count ? 0 : hand + 1
        }
        let dropped = entries[hand].key
        bytes -= Self.cost(dropped)
        places[dropped] = nil
        let last = entries.removeLast()
        guard hand < entries.count else { return }
        // The newest takes the free place; the hand passes over it, so that it has a round to be asked for.
        places[last.key] = hand
        entries[hand] = last
        hand += 1
    }
}
