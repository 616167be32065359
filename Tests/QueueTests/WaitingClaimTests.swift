import Domain
import Redis
import Testing

@testable import Queue

extension QueueOnRedis {
    @Suite struct WaitingClaimTests {
        @Test func aWaitingWorkerGetsAShardAtOnce() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled([])
                async let claim = fixture.queue().claim(max: 10, block: .seconds(20))
                try await Task.sleep(for: .milliseconds(50))
                let start = ContinuousClock.now
                try await coordinator.enqueue(QueueFixture.shards(0..<1))
                guard case .leases(let leases) = try await claim else {
                    Issue.record("no lease")
                    return
                }
                #expect(leases.map(\.shard) == QueueFixture.shards(0..<1))
                #expect(ContinuousClock.now - start < .seconds(5), "a wait of 20 s ended early")
            }
        }

        @Test func aWaitingReducerGetsAResultAtOnce() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<1))
                async let results = fixture.queue("reducer").results(max: 10, block: .seconds(20))
                try await Task.sleep(for: .milliseconds(50))
                let worker = fixture.queue("worker")
                _ = try await worker.finish(try await worker.claimed().finished())
                #expect(try await results.map(\.shard) == QueueFixture.shards(0..<1))
            }
        }

        @Test func aCancelledClaimEndsWithin100MillisecondsAndLosesNothing() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled([])
                let worker = fixture.queue()
                var fastest = Duration.seconds(60)
                for round in 0..<5 {
                    let task = Task { try await worker.claim(max: 10, block: .seconds(20)) }
                    try await Task.sleep(for: .milliseconds(round * 10))
                    let start = ContinuousClock.now
                    task.cancel()
                    await #expect(throws: QueueError.redis(.cancelled)) { try await task.value }
                    fastest = min(fastest, ContinuousClock.now - start)
                }
                // The fastest of five, since other tests may hold the cores.
                #expect(fastest < .milliseconds(100))
                try await coordinator.enqueue(QueueFixture.shards(0..<1))
                #expect(try await coordinator.depth() == Depth(waiting: 1, inFlight: 0, results: 0))
            }
        }

        @Test func shardsThatComeWhileAClaimIsCancelledAreHandedOver() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled([])
                let worker = fixture.queue()
                for round in 0..<20 {
                    let task = Task { () -> [Lease] in
                        do {
                            return try await worker.claimed(10, block: .seconds(20))
                        } catch QueueError.redis(.cancelled) {
                            return []
                        }
                    }
                    try await Task.sleep(for: .milliseconds(10))
                    async let sent: Void = coordinator.enqueue(QueueFixture.shards(0..<1))
                    if round % 2 == 0 { await Task.yield() }
                    task.cancel()
                    let leases = try await task.value
                    try await sent
                    // Either the caller has the shard or it still waits; never a lease that nobody knows of.
                    #expect(try await coordinator.depth().inFlight == leases.count)
                    let rest = try await worker.claimed()
                    #expect(leases.count + rest.count == 1)
                    // A task that is being cancelled can still hand back.
                    let handBack = Task { try await worker.release(leases + rest) }
                    handBack.cancel()
                    #expect(try await handBack.value == [true])
                    try await worker.acknowledge(try await worker.claimed())
                }
            }
        }

        @Test func anIdleWorkerSendsNothingButItsWaitingRead() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled([])
                let worker = fixture.queue(profile: .standard)
                #expect(try await worker.reclaim(max: 10) == [])
                #expect(try await worker.claim(max: 10, block: .milliseconds(10)) == .empty)
                let before = try await Self.commands(fixture.redis)
                for _ in 0..<5 {
                    #expect(try await worker.reclaim(max: 10) == [])
                    #expect(try await worker.claim(max: 10, block: .milliseconds(10)) == .empty)
                }
                // The asking itself is one. With a wait of five seconds that is one command in five, for each lane.
                #expect(try await Self.commands(fixture.redis) - before - 1 == 5)
            }
        }

        @Test func aWaitLeavesTimeForTheLookAfterLeasesOfOthers() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<1))
                let worker = fixture.queue(
                    profile: LeaseProfile(term: .seconds(60), beat: .seconds(20), sweep: .milliseconds(20)))
                #expect(try await fixture.queue("other").claimed().count == 1)
                #expect(try await worker.reclaim(max: 10) == [])
                let start = ContinuousClock.now
                #expect(try await worker.claim(max: 10, block: .seconds(60)) == .empty)
                #expect(ContinuousClock.now - start < .seconds(20))
            }
        }

        private static func commands(_ redis: RedisClient) async throws -> Int {
            let info = try await redis.send("INFO", "stats").text ?? ""
            let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("total_commands_processed:") }
            return line.flatMap { Int($0.split(separator: ":")[1]) } ?? 0
        }
    }
}
