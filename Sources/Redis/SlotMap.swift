/// Which node serves which slot, as a node of the cluster sees it.
struct SlotMap: Equatable, Sendable {
    private struct Range: Equatable, Sendable {
        let slots: ClosedRange<Int>
        let primary: RedisURL.Endpoint
    }

    private var ranges: [Range] = []
    /// Slots that moved since the map was read.
    private var moved: [HashSlot: RedisURL.Endpoint] = [:]
    /// Every node that was named, replicas too: whom to ask when a primary is gone.
    private(set) var nodes: [RedisURL.Endpoint] = []

    init() {}

    /// Reads the reply to `CLUSTER SLOTS`: first and last slot, the primary, its replicas; each node as host, port, ….
    init(_ reply: RedisValue, from sender: RedisURL.Endpoint) throws(RedisError) {
        guard let rows = reply.array else { throw Self.violation }
        for row in rows {
            guard let parts = row.array, parts.count >= 3, let first = parts[0].integer, let last = parts[1].integer,
                0 <= first, first <= last, last < HashSlot.count
            else { throw Self.violation }
            let places = parts[2...].map { Self.endpoint($0, from: sender) }
            for case let place? in places where !nodes.contains(place) { nodes.append(place) }
            // A primary whose address its own cluster does not know serves nobody.
            if case let primary?? = places.first {
                ranges.append(Range(slots: Int(first)...Int(last), primary: primary))
            }
        }
    }

    private static var violation: RedisError { .protocolViolation("a CLUSTER SLOTS reply of another shape") }

    private static func endpoint(_ node: RedisValue, from sender: RedisURL.Endpoint) -> RedisURL.Endpoint? {
        guard let parts = node.array, parts.count >= 2, let port = parts[1].integer else { return nil }
        return sender.beside(host: parts[0].text, port: Int(port))
    }

    /// The primary of a slot, where one is known.
    subscript(slot: HashSlot) -> RedisURL.Endpoint? {
        moved[slot] ?? ranges.first { $0.slots.contains(slot.number) }?.primary
    }

    /// Every primary once.
    var primaries: [RedisURL.Endpoint] {
        var seen: Set<RedisURL.Endpoint> = []
        return (ranges.map(\.primary) + moved.values).filter { seen.insert($0).inserted }
    }

    mutating func note(_ slot: HashSlot, at place: RedisURL.Endpoint) {
        moved[slot] = place
        if !nodes.contains(place) { nodes.append(place) }
    }
}
