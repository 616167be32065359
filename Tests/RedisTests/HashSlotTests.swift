import Testing

@testable import Redis

@Suite struct HashSlotTests {
    /// From the appendix of the Redis Cluster specification.
    @Test func theChecksumIsTheSpecifications() {
        #expect(HashSlot.checksum("123456789".utf8) == 0x31C3)
    }

    /// As `CLUSTER KEYSLOT` of Redis 7.0.15 gives them.
    @Test(arguments: [
        ("foo", 12_182), ("bar", 5061), ("hello", 866), ("somekey", 11_058), ("", 0),
    ])
    func aKeyHasTheSlotThatTheServerGivesIt(key: String, slot: Int) {
        #expect(HashSlot(key: key).number == slot)
    }

    /// The examples of the specification's chapter on hash tags.
    @Test(arguments: [
        ("{user1000}.following", "user1000"), ("{user1000}.followers", "user1000"), ("foo{{bar}}zap", "{bar"),
        ("foo{bar}{zap}", "bar"),
    ])
    func onlyTheHashTagCounts(key: String, tag: String) {
        #expect(HashSlot(key: key) == HashSlot(key: tag))
    }

    @Test func anEmptyHashTagIsNone() {
        #expect(HashSlot(key: "foo{}{bar}") != HashSlot(key: "bar"))
        #expect(HashSlot(key: "foo{}{bar}") != HashSlot(key: ""))
        #expect(HashSlot(key: "foo{bar") != HashSlot(key: "bar"))
    }
}
