import Testing

@testable import Redis

@Suite struct SlotMapTests {
    private static let sender = RedisURL.Endpoint.tcp(host: "10.0.0.9", port: 7000)

    private static func node(_ host: RedisValue, _ port: Int64) -> RedisValue {
        .array([host, .integer(port), .bytes(Array("an id".utf8)), .array([])])
    }

    private static func text(_ text: String) -> RedisValue { .bytes(Array(text.utf8)) }

    @Test func primariesServeTheirSlotsAndReplicasAreKnown() throws {
        let reply = RedisValue.array([
            .array([.integer(0), .integer(99), Self.node(Self.text("a"), 1), Self.node(Self.text("b"), 2)]),
            .array([.integer(200), .integer(16_383), Self.node(.null, 3)]),
            .array([.integer(100), .integer(100), Self.node(Self.text("?"), 4), Self.node(Self.text(""), 5)]),
        ])
        let map = try SlotMap(reply, from: Self.sender)
        #expect(map[HashSlot(number: 0)] == .tcp(host: "a", port: 1))
        #expect(map[HashSlot(number: 99)] == .tcp(host: "a", port: 1))
        #expect(map[HashSlot(number: 100)] == nil)
        #expect(map[HashSlot(number: 16_383)] == .tcp(host: "10.0.0.9", port: 3))
        #expect(map.primaries == [.tcp(host: "a", port: 1), .tcp(host: "10.0.0.9", port: 3)])
        #expect(map.nodes.contains(.tcp(host: "b", port: 2)) && map.nodes.contains(.tcp(host: "10.0.0.9", port: 5)))
    }

    @Test func aMovedSlotIsFoundAtItsNewPlaceAndItsNeighboursWhereTheyWere() throws {
        let all = RedisValue.array([.array([.integer(0), .integer(16_383), Self.node(Self.text("a"), 1)])])
        var map = try SlotMap(all, from: Self.sender)
        map.note(HashSlot(number: 7), at: .tcp(host: "b", port: 2))
        #expect(map[HashSlot(number: 7)] == .tcp(host: "b", port: 2))
        #expect(map[HashSlot(number: 8)] == .tcp(host: "a", port: 1))
        #expect(map.primaries == [.tcp(host: "a", port: 1), .tcp(host: "b", port: 2)])
    }

    @Test(arguments: [
        RedisValue.status("OK"), .array([.integer(1)]), .array([.array([.integer(5), .integer(4), .array([])])]),
        .array([.array([.integer(0), .integer(16_384), .array([])])]),
    ])
    func aReplyOfAnotherShapeIsRefused(reply: RedisValue) {
        #expect(throws: RedisError.self) { try SlotMap(reply, from: Self.sender) }
    }

    @Test(arguments: [
        (
            "MOVED 3999 127.0.0.1:6381",
            Redirection.moved(HashSlot(number: 3999), to: .tcp(host: "127.0.0.1", port: 6381))
        ),
        ("ASK 1 ::1:6381", .ask(.tcp(host: "::1", port: 6381))),
        ("MOVED 0 :6381", .moved(HashSlot(number: 0), to: .tcp(host: "10.0.0.9", port: 6381))),
    ])
    func aRedirectionIsRead(text: String, expected: Redirection) {
        #expect(Redirection(.error(text), from: Self.sender) == expected)
    }

    @Test(arguments: [
        "ERR no", "MOVED", "MOVED x 127.0.0.1:1", "MOVED 16384 127.0.0.1:1", "MOVED 1 127.0.0.1", "MOVED 1 ?:1",
        "ASK 1 127.0.0.1:0", "TRYAGAIN Multiple keys request during rehashing of slot",
    ])
    func whatIsNoRedirectionIsNone(text: String) {
        #expect(Redirection(.error(text), from: Self.sender) == nil)
        #expect(Redirection(.status(text), from: Self.sender) == nil)
    }
}
