import Domain
import Redis
import Testing

@testable import Queue

@Suite struct QueueValuesTests {
    @Test(arguments: ["0-0", "1795400000000-12", "18446744073709551615-18446744073709551615"])
    func anEntryIDIsReadAndWritten(text: String) {
        #expect(EntryID(text.utf8)?.description == text)
    }

    @Test(arguments: ["", "1", "1-2-3", "a-b", "-1-2", "18446744073709551616-0"])
    func whatIsNoEntryIDIsRefused(text: String) {
        if let id = EntryID(text.utf8) { #expect(id.description == text) }
        #expect(text == "" || EntryID(text.utf8) == nil)
    }

    @Test(arguments: [0, 1, 255, 256, 1 << 32, 7 << 32 | 99, .max, -1, 0x0102_0304_0506_0708] as [Int64])
    func aShardIDTravelsInFewBytes(number: Int64) {
        let shard = ShardID(rawValue: number)
        #expect((1...8).contains(shard.bytes.count))
        #expect(ShardID(bytes: shard.bytes) == shard)
        #expect(shard.bytes.count == 1 || shard.bytes.first != 0)
    }

    @Test func whatIsNoShardIDIsRefused() {
        #expect(ShardID(bytes: []) == nil)
        #expect(ShardID(bytes: Array(repeating: 1, count: 9)) == nil)
        #expect(ShardID(job: JobID(rawValue: 200), index: 9).bytes.count == 5)
    }

    @Test(arguments: Lane.allCases) func allKeysOfALaneShareOneHashTag(lane: Lane) {
        let keys = LaneKeys(lane)
        let all = [keys.ready, keys.done, keys.generation, keys.readySweep, keys.doneSweep]
        #expect(Set(all).count == 5)
        for key in all { #expect(key.contains("{\(lane.rawValue)}")) }
        #expect(keys.ready == "gs:{\(lane.rawValue)}:ready")
    }

    @Test func batchesKeepOrderAndBounds() {
        #expect([Int]().batches(of: 3).isEmpty)
        #expect([1, 2, 3, 4, 5].batches(of: 2).map { Array($0) } == [[1, 2], [3, 4], [5]])
        #expect([5, 1, 1, 9, 1].batches(of: 9, weighing: { $0 }, to: 6).map { Array($0) } == [[5, 1], [1], [9], [1]])
    }

    @Test func everyProcessStartHasItsOwnConsumerName() {
        let names = (0..<100).map { _ in QueueSettings.uniqueConsumer(role: "worker") }
        #expect(Set(names).count == 100)
        #expect(names.allSatisfy { $0.hasPrefix("worker-") && !$0.contains(" ") })
    }

    @Test(arguments: [
        (RedisError.server(code: "NOGROUP", message: "No such key"), QueueError.lost),
        (.server(code: "UNBLOCKED", message: "the stream key no longer exists"), .lost),
        (.server(code: "OOM", message: ""), .redis(.server(code: "OOM", message: ""))),
        (.cancelled, .redis(.cancelled)),
    ])
    func aLostLaneIsToldFromOtherErrors(error: RedisError, expected: QueueError) {
        #expect(QueueError(error) == expected)
    }

    @Test func aNewerWorkersFieldsArePassedOver() throws {
        let shard = ShardID(rawValue: 77)
        let words: [RedisValue] = [
            .bytes(Array("s".utf8)), .bytes(shard.bytes), .bytes(Array("new".utf8)), .bytes([0]),
            .bytes(Array("a".utf8)), .bytes(Array("2".utf8)), .bytes(Array("p".utf8)), .bytes([1, 0, 255]),
        ]
        let entry = try StreamEntry(.array([.bytes(Array("5-1".utf8)), .array(words)]))
        #expect(
            entry.result
                == ShardResult(
                    entry: EntryID(milliseconds: 5, sequence: 1), shard: shard, attempt: 2, worker: "",
                    parts: [[1, 0, 255]]))
        #expect(entry.lease == nil)
    }
}

@Suite struct ServerCheckTests {
    private static let good = """
        # Server\r\nredis_version:7.0.15\r\nrole:master\r\n# Memory\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n
        """

    @Test func aFitServerPasses() {
        let check = ServerCheck(info: Self.good)
        #expect(check.refusals == [] && check.warnings == [])
    }

    @Test(arguments: [
        ("7.0.15", "6.2.7", "7.0 or later"), ("noeviction", "allkeys-lru", "CONFIG SET maxmemory-policy noeviction"),
        ("role:master", "role:slave", "primary"), ("redis_version", "other", "unknown"),
    ])
    func anUnfitServerIsRefusedWithTheRemedy(right: String, wrong: String, remedy: String) {
        let check = ServerCheck(info: Self.good.replacing(right, with: wrong))
        #expect(check.refusals.count == 1)
        #expect(check.refusals.first?.contains(remedy) == true)
    }

    @Test func aServerWithoutAppendOnlyFileIsAWarning() {
        let check = ServerCheck(info: Self.good.replacing("aof_enabled:1", with: "aof_enabled:0"))
        #expect(check.refusals == [])
        #expect(check.warnings.count == 1)
    }
}
