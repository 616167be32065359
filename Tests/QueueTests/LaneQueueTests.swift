import Domain
import Redis
import Testing

@testable import Queue

extension QueueOnRedis {
    @Suite struct LaneQueueTests {
        @Test func aShardGoesFromTheCoordinatorThroughAWorkerToTheReducer() async throws {
            try await QueueFixture.with { fixture in
                let shards = QueueFixture.shards(0..<5)
                let coordinator = try await fixture.filled(shards)
                let worker = fixture.queue("ann")
                let leases = try await worker.claimed()
                #expect(leases.map(\.shard) == shards)
                #expect(leases.map(\.attempt) == [1, 1, 1, 1, 1])
                #expect(
                    try await coordinator.depth() == Depth(waiting: 0, inFlight: 5, results: 0, consumers: ["ann": 5]))
                #expect(try await worker.finish(leases.finished()) == [true, true, true, true, true])

                let reducer = fixture.queue("reducer")
                let results = try await reducer.results(max: 10)
                #expect(results.map(\.shard) == shards)
                #expect(results.allSatisfy { $0.attempt == 1 && $0.worker == "ann" && $0.parts == [[1, 2, 3]] })
                #expect(try await reducer.results(max: 10) == [])
                try await reducer.acknowledgeResults(results.map(\.entry))
                #expect(try await coordinator.depth() == Depth(waiting: 0, inFlight: 0, results: 0))
                // Nothing stays behind: neither entries nor leases.
                #expect(try await fixture.redis.send("XLEN", coordinator.keys.ready) == .integer(0))
                #expect(try await fixture.redis.send("XLEN", coordinator.keys.done) == .integer(0))
            }
        }

        @Test func everyByteOfEveryPartArrives() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled([ShardID(rawValue: 0x0D0A_00FF_2A24_0D0A)])
                let worker = fixture.queue()
                let lease = try #require(try await worker.claimed().first)
                let parts = [
                    Array(UInt8.min...UInt8.max), [], [13, 10] + Array(repeating: 0x24, count: 5_000_000),
                ]
                #expect(try await worker.finish([Finished(lease: lease, parts: parts)]) == [true])
                let result = try #require(try await worker.results(max: 1).first)
                #expect(result.parts == parts)
                #expect(result.shard.rawValue == 0x0D0A_00FF_2A24_0D0A)
            }
        }

        @Test func aClaimGivesEachShardToOneWorker() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<300))
                let claims = try await withThrowingTaskGroup(of: [Lease].self) { group in
                    for worker in 0..<4 {
                        group.addTask {
                            let queue = fixture.queue("worker \(worker)")
                            var mine: [Lease] = []
                            while case .leases(let leases) = try await queue.claim(max: 7) { mine += leases }
                            return mine
                        }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                #expect(claims.map(\.shard).sorted() == QueueFixture.shards(0..<300))
            }
        }

        @Test func tooManyResultsHoldClaimsBack() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<20))
                let worker = fixture.queue { $0.resultBound = 5 }
                let leases = try await worker.claimed(6)
                _ = try await worker.finish(leases.finished())
                #expect(try await worker.claim(max: 1) == .backpressure)
                let results = try await worker.results(max: 1)
                try await worker.acknowledgeResults(results.map(\.entry))
                #expect(try await worker.claimed(1).count == 1)
            }
        }

        @Test func aReleasedShardRunsAgainWithoutATryCounted() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<3))
                let leases = try await fixture.queue("ann").claimed()
                #expect(try await fixture.queue("bob").release(leases) == [false, false, false])
                #expect(try await fixture.queue("ann").release(leases) == [true, true, true])
                #expect(try await fixture.queue("ann").release(leases) == [false, false, false])
                #expect(try await coordinator.depth() == Depth(waiting: 3, inFlight: 0, results: 0))
                let again = try await fixture.queue("bob").claimed()
                #expect(again.map(\.shard) == QueueFixture.shards(0..<3))
                #expect(again.allSatisfy { $0.attempt == 1 })
            }
        }

        @Test func aShardThatIsMergedAlreadyIsAcknowledgedWithoutResult() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<2))
                let leases = try await fixture.queue("ann").claimed()
                #expect(try await fixture.queue("bob").acknowledge(leases) == [false, false])
                #expect(try await fixture.queue("ann").acknowledge(leases) == [true, true])
                #expect(try await coordinator.depth() == Depth(waiting: 0, inFlight: 0, results: 0))
            }
        }

        @Test func lanesDoNotSeeEachOther() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<1))
                let live = fixture.queue(lane: .live)
                #expect(try await live.claim(max: 1) == .lost)
                try await live.prepare(generation: 1)
                #expect(try await live.claim(max: 1) == .empty)
            }
        }

        @Test func entriesThatAreNoShardsAreDropped() async throws {
            try await QueueFixture.with { fixture in
                let queue = try await fixture.filled(QueueFixture.shards(0..<1))
                _ = try await fixture.redis.send("XADD", queue.keys.ready, "*", "s", "not a shard")
                _ = try await fixture.redis.send("XADD", queue.keys.done, "*", "other", "thing")
                #expect(try await queue.claimed().map(\.shard) == QueueFixture.shards(0..<1))
                #expect(try await queue.results(max: 10) == [])
                #expect(
                    try await queue.depth() == Depth(waiting: 0, inFlight: 1, results: 0, consumers: ["coordinator": 1])
                )
            }
        }

        @Test func aServerThatEvictsIsRefusedWithTheRemedy() async throws {
            try await QueueFixture.with { fixture in
                let queue = fixture.queue()
                #expect(try await queue.checkServer().count == 1)
                _ = try await fixture.redis.send("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
                await #expect {
                    try await queue.checkServer()
                } throws: { error in
                    "\(error)".contains("CONFIG SET maxmemory-policy noeviction")
                }
            }
        }

        @Test func aFullServerRefusesWithoutLosingTheLease() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<1))
                let worker = fixture.queue()
                let leases = try await worker.claimed()
                _ = try await fixture.redis.send("CONFIG", "SET", "maxmemory", "500kb")
                for step in [
                    { _ = try await worker.finish(leases.finished()) },
                    { try await coordinator.enqueue(leases.map(\.shard)) },
                ] {
                    await #expect {
                        try await step()
                    } throws: { error in
                        guard case .redis(.server("OOM", _))? = error as? QueueError else { return false }
                        return "\(error)".contains("raise maxmemory")
                    }
                }
                #expect(try await worker.beat(leases) == [])
                _ = try await fixture.redis.send("CONFIG", "SET", "maxmemory", "0")
                #expect(try await coordinator.depth().inFlight == 1)
                #expect(try await worker.finish(leases.finished()) == [true])
            }
        }
    }
}
