import Domain
import Redis
import Testing

@testable import Queue

extension QueueOnRedis {
    @Suite struct MemoryTests {
        @Test func aWaitingShardCosts20BytesAndALeasedOne110() async throws {
            try await QueueFixture.with { fixture in
                let queue = fixture.queue()
                try await queue.prepare(generation: 1)
                let empty = try await Self.memory(fixture.redis)
                try await queue.enqueue(QueueFixture.shards(0..<1000))
                try await Self.run(Self.fill, fixture, queue, "99000")
                let waiting = try await Self.memory(fixture.redis)
                try await Self.run(Self.lease, fixture, queue, "99000")
                #expect(try await queue.claimed(1000).count == 1000)
                let inFlight = try await Self.memory(fixture.redis)
                #expect(try await queue.depth().inFlight == 100_000)
                #expect(Double(waiting - empty) / 100_000 <= 20)
                #expect(Double(inFlight - empty) / 100_000 <= 110)
            }
        }

        /// What `enqueue` sends, by the server itself: a debug build would need ten seconds.
        private static let fill = """
            for index = 1, tonumber(ARGV[1]) do
              local id = struct.pack('>BI4', 1, index + 1000)
              redis.call('XADD', KEYS[1], 'NOMKSTREAM', '*', 's', id)
            end
            """

        private static let lease = """
            redis.call('XREADGROUP', 'GROUP', 'workers', 'other', 'COUNT', ARGV[1], 'STREAMS', KEYS[1], '>')
            """

        private static func run(
            _ script: String, _ fixture: QueueFixture, _ queue: LaneQueue, _ count: String
        ) async throws {
            var words = RedisWords()
            words.append(count)
            _ = try await fixture.redis.eval(
                RedisScript(name: "test", source: script), keys: [queue.keys.ready], words)
        }

        /// Bytes in use without the connections' buffers, which grow and shrink by themselves.
        private static func memory(_ redis: RedisClient) async throws -> Int {
            let info = try await redis.send("INFO", "memory").text ?? ""
            func value(_ name: String) -> Int {
                let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name):") }
                return line.flatMap { Int($0.split(separator: ":")[1]) } ?? 0
            }
            return value("used_memory") - value("mem_clients_normal")
        }
    }
}
