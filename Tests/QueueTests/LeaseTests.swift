import Domain
import Redis
import Testing

@testable import Queue

extension QueueOnRedis {
    @Suite struct LeaseTests {
        @Test func anExpiredLeaseMovesToAnotherWorkerAndTheZombieIsRefused() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<2))
                let zombie = fixture.queue("zombie")
                let healthy = fixture.queue("healthy")
                let old = try await zombie.claimed()
                try await fixture.age(old, of: zombie, by: .milliseconds(14_000))
                #expect(try await healthy.reclaim(max: 10) == [])
                try await fixture.age(old, of: zombie, by: .milliseconds(15_001))
                let new = try await healthy.reclaim(max: 10)
                #expect(new.map(\.shard) == old.map(\.shard))
                #expect(new.map(\.attempt) == [2, 2])

                #expect(try await zombie.finish(old.finished()) == [false, false])
                #expect(try await zombie.beat(old) == old)
                #expect(try await zombie.acknowledge(old) == [false, false])
                #expect(try await zombie.release(old) == [false, false])
                #expect(try await coordinator.depth().results == 0)
                #expect(try await healthy.finish(new.finished([9])) == [true, true])
                #expect(try await zombie.finish(old.finished()) == [false, false])
                let results = try await healthy.results(max: 10)
                #expect(results.map(\.parts) == [[[9]], [[9]]])
                #expect(results.map(\.attempt) == [2, 2])
            }
        }

        @Test func aPartOfABatchIsRefusedAndTheRestAccepted() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<4))
                let ann = fixture.queue("ann")
                let leases = try await ann.claimed()
                try await fixture.age(leases, of: ann, by: .seconds(20))
                #expect(try await ann.beat([leases[1], leases[3]]) == [])
                let taken = try await fixture.queue("bob").reclaim(max: 10)
                #expect(taken.map(\.shard) == [leases[0].shard, leases[2].shard])
                #expect(try await ann.finish(leases.finished()) == [false, true, false, true])
            }
        }

        @Test func heartbeatsKeepALeaseForManyTerms() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<3))
                let worker = fixture.queue("worker")
                let leases = try await worker.claimed()
                for _ in 0..<30 {
                    try await fixture.age(leases, of: worker, by: .milliseconds(10_000))
                    #expect(try await worker.beat(leases) == [])
                    #expect(try await Self.idle(fixture, worker) < .seconds(5))
                    #expect(try await fixture.queue("thief").reclaim(max: 10) == [])
                }
                #expect(try await worker.finish(leases.finished()) == [true, true, true])
                // A beat is no delivery: only a reclaim raises the count.
                #expect(try await worker.results(max: 10).map(\.attempt) == [1, 1, 1])
            }
        }

        @Test func leasesEndInRealTimeToo() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<1))
                let profile = LeaseProfile(term: .milliseconds(300), beat: .milliseconds(100), sweep: .milliseconds(50))
                let dead = fixture.queue("dead", profile: profile)
                let healthy = fixture.queue("healthy", profile: profile)
                let start = ContinuousClock.now
                let leases = try await dead.claimed()
                var taken: [Lease] = []
                while taken.isEmpty, ContinuousClock.now - start < .seconds(10) {
                    taken = try await healthy.reclaim(max: 10)
                    try await Task.sleep(for: .milliseconds(10))
                }
                #expect(taken.map(\.shard) == leases.map(\.shard))
                #expect(ContinuousClock.now - start >= profile.term)
            }
        }

        @Test func oneLookForTheFleetIsEnough() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<10))
                let profile = LeaseProfile(term: .seconds(15), beat: .seconds(5), sweep: .seconds(60))
                let workers = (0..<3).map { fixture.queue("worker \($0)", profile: profile) }
                try await fixture.age(try await workers[0].claimed(), of: workers[0], by: .seconds(20))
                // A look that found as many as it may take does not stop the others.
                #expect(try await workers[1].reclaim(max: 4).count == 4)
                let taken = try await workers[2].reclaim(max: 100)
                #expect(taken.count == 6)
                try await fixture.age(taken, of: workers[2], by: .seconds(20))
                #expect(try await workers[1].reclaim(max: 100) == [])
            }
        }

        @Test func aSmallReclaimFindsADeadLeaseBehindManyLivingOnes() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<6001))
                let dead = fixture.queue("dead")
                #expect(try await fixture.queue("living").claimed(6000).count == 6000)
                try await fixture.age(try await dead.claimed(1), of: dead, by: .seconds(20))
                #expect(try await fixture.queue("other").reclaim(max: 1).map(\.shard.index) == [6000])
            }
        }

        @Test func aLeaseWhoseEntryIsGoneIsPassedOver() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<3))
                let worker = fixture.queue("worker")
                let leases = try await worker.claimed()
                try await fixture.age(leases, of: worker, by: .seconds(20))
                _ = try await fixture.redis.send("XDEL", worker.keys.ready, leases[1].entry.description)
                #expect(try await worker.reclaim(max: 10).map(\.shard) == [leases[0].shard, leases[2].shard])
                #expect(try await coordinator.depth().inFlight == 2)
            }
        }

        @Test func resultsOfADeadReducerGoToAnother() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<2))
                let worker = fixture.queue("worker")
                _ = try await worker.finish(try await worker.claimed().finished())
                let profile = LeaseProfile(term: .milliseconds(20), beat: .milliseconds(5), sweep: .milliseconds(1))
                let dead = fixture.queue("dead", profile: profile)
                let other = fixture.queue("other", profile: profile)
                let taken = try await dead.results(max: 10)
                #expect(taken.count == 2)
                try await Task.sleep(for: .milliseconds(30))
                let again = try await other.reclaimResults(max: 10)
                #expect(again.map(\.shard) == taken.map(\.shard) && again.map(\.parts) == taken.map(\.parts))
                // The dead one lives after all and is first: the other's acknowledgement finds nothing and is no error.
                try await dead.acknowledgeResults(taken.map(\.entry))
                try await other.acknowledgeResults(again.map(\.entry))
                #expect(try await other.depth().results == 0)
            }
        }

        @Test func aConsumerThatHoldsLeasesIsNeverForgotten() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await fixture.filled(QueueFixture.shards(0..<2))
                let busy = fixture.queue("busy")
                let idle = fixture.queue("idle")
                let leases = try await busy.claimed(1)
                _ = try await idle.acknowledge(try await idle.claimed(1))
                #expect(try await coordinator.forgetConsumers(silentFor: .seconds(60)) == 0)
                try await busy.leave()
                #expect(try await coordinator.forgetConsumers(silentFor: .zero) == 1)
                #expect(try await coordinator.depth().consumers == ["busy": 1])
                #expect(try await busy.finish(leases.finished()) == [true])
                try await busy.leave()
                #expect(try await fixture.redis.send("XINFO", "CONSUMERS", busy.keys.ready, "workers") == .array([]))
            }
        }

        /// How long the longest-silent lease was not renewed.
        private static func idle(_ fixture: QueueFixture, _ queue: LaneQueue) async throws -> Duration {
            let rows = try await fixture.redis.send("XPENDING", queue.keys.ready, "workers", "-", "+", "100")
            return .milliseconds((rows.array ?? []).compactMap { $0.array?[2].integer }.max() ?? .max)
        }
    }
}
