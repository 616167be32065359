import Domain
import LocalServers
import Redis
import Testing

@testable import Queue

extension QueueOnRedis {
    @Suite struct LossTests {
        @Test func afterAFlushAllStepsSaySoAndAPreparedLaneWorksAgain() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<4))
                let worker = fixture.queue()
                let leases = try await worker.claimed(2)
                #expect(try await coordinator.generation() == 1)
                try await fixture.flush()

                #expect(try await coordinator.generation() == nil)
                #expect(try await worker.claim(max: 1) == .lost)
                #expect(try await worker.claim(max: 1, block: .seconds(5)) == .lost)
                #expect(try await worker.beat(leases) == leases)
                #expect(try await worker.finish(leases.finished()) == [false, false])
                #expect(try await worker.release(leases) == [false, false])
                await #expect(throws: QueueError.lost) { try await worker.results(max: 1) }
                await #expect(throws: QueueError.lost) { try await worker.reclaim(max: 1) }
                await #expect(throws: QueueError.lost) { try await coordinator.enqueue(QueueFixture.shards(0..<1)) }
                await #expect(throws: QueueError.lost) { try await coordinator.depth() }
                try await worker.acknowledgeResults(leases.map(\.entry))
                // None of these made a stream without its group.
                #expect(try await fixture.redis.send("DBSIZE") == .integer(0))

                try await coordinator.prepare()
                try await coordinator.enqueue(QueueFixture.shards(0..<4))
                #expect(try await coordinator.generation() == nil)
                try await coordinator.prepare(generation: 2)
                #expect(try await coordinator.generation() == 2)
                #expect(try await worker.finish(leases.finished()) == [false, false])
                let again = try await worker.claimed()
                #expect(again.count == 4)
                #expect(Set(again.map(\.entry)).isDisjoint(with: leases.map(\.entry)))
                #expect(try await worker.finish(again.finished()) == [true, true, true, true])
            }
        }

        @Test func aWorkerThatWaitsIsToldOfAFlush() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled([])
                let worker = fixture.queue()
                async let claim = worker.claim(max: 1, block: .seconds(20))
                async let results = worker.results(max: 1)
                #expect(try await results == [])
                try await Task.sleep(for: .milliseconds(50))
                try await fixture.flush()
                // Redis 7.0 tells a blocked reader only when the key comes back; the worker's wait ends at the latest then.
                try await coordinator.prepare(generation: 2)
                try await coordinator.enqueue(QueueFixture.shards(0..<1))
                let outcome = try await claim
                switch outcome {
                case .lost: break
                case .leases(let leases): #expect(leases.map(\.shard) == QueueFixture.shards(0..<1))
                case .empty, .backpressure: Issue.record("a waiting worker missed the flush: \(outcome)")
                }
            }
        }

        @Test func aRestartWithoutFileIsALostLane() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<4))
                fixture.server.kill()
                try fixture.server.restart()
                #expect(try await Self.patient { try await coordinator.generation() } == nil)
                #expect(try await coordinator.claim(max: 1) == .lost)
            }
        }

        @Test func aRestartWithItsFileKeepsTheLaneButPutsItInDoubt() async throws {
            try await QueueFixture.with(.init(appendOnly: true)) { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<4))
                let leases = try await fixture.queue().claimed(2)
                fixture.server.stop()
                try fixture.server.restart()
                // What the file holds may be older than what was sent: the coordinator has to decide.
                #expect(try await Self.patient { try await coordinator.generation() } == nil)
                #expect(try await coordinator.depth().waiting == 2)
                #expect(try await fixture.queue().finish(leases.finished()) == [true, true])
            }
        }

        @Test func aResetEndsAllLeasesAndResults() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<4))
                let worker = fixture.queue()
                let leases = try await worker.claimed(2)
                _ = try await worker.finish(Array(leases.prefix(1)).finished())
                try await coordinator.reset()
                #expect(try await coordinator.generation() == nil)
                #expect(try await coordinator.depth() == Depth(waiting: 0, inFlight: 0, results: 0))
                try await coordinator.enqueue(QueueFixture.shards(0..<4))
                #expect(try await worker.finish(leases.finished()) == [false, false])
                #expect(try await worker.claimed().map(\.shard) == QueueFixture.shards(0..<4))
            }
        }

        @Test func preparingTwiceChangesNothing() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<4))
                let leases = try await fixture.queue().claimed(2)
                try await coordinator.prepare(generation: 1)
                #expect(try await coordinator.depth().waiting == 2)
                #expect(try await fixture.queue().finish(leases.finished()) == [true, true])
            }
        }

        @Test func whatWasSentBeforeAGroupWasMadeIsDeliveredToo() async throws {
            try await QueueFixture.with { fixture in
                let queue = fixture.queue()
                var command = RedisCommand("XADD", queue.keys.ready, "*", "s")
                command.append(ShardID(rawValue: 5).bytes)
                _ = try await fixture.redis.send(command)
                try await queue.prepare(generation: 1)
                #expect(try await queue.claimed().map(\.shard) == [ShardID(rawValue: 5)])
            }
        }

        @Test func theLagForAutoscalersStaysKnown() async throws {
            try await QueueFixture.with { fixture in
                let queue = try await fixture.filled(QueueFixture.shards(0..<10))
                _ = try await queue.finish(try await queue.claimed(4).finished())
                let groups = try await fixture.redis.send("XINFO", "GROUPS", queue.keys.ready)
                let facts = groups.array?.first?.array ?? []
                let lag = facts.firstIndex { $0.text == "lag" }.map { facts[$0 + 1] }
                #expect(lag == .integer(6))
            }
        }

        private static func patient<Result>(_ work: () async throws -> Result) async throws -> Result {
            for _ in 0..<100 {
                do {
                    return try await work()
                } catch let error as QueueError where error.isTransient {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            return try await work()
        }
    }
}
