import Domain
import Foundation
import Harness
import LocalServers
import Synchronization
import Testing

@testable import Queue
@testable import Redis

extension QueueOnRedis {
    /// The queue on a Redis Cluster: three primaries, three replicas.
    @Suite struct ClusterQueueTests {
        /// So no script can meet CROSSSLOT, whatever keys it takes.
        @Test(arguments: Lane.allCases) func allKeysOfALaneShareOneSlot(lane: Lane) {
            let keys = Mirror(reflecting: LaneKeys(lane)).children.compactMap { $0.value as? String }
            #expect(keys.count >= 5)
            #expect(Set(keys.map { HashSlot(key: $0) }).count == 1)
        }

        @Test func everyStepWorksInEveryLane() async throws {
            try await withRedisCluster { cluster in
                let redis = RedisClient(try RedisURL(cluster.url), logger: .quiet)
                for lane in Lane.allCases {
                    try await QueueCycle.run(
                        coordinator: Self.queue(redis, "coordinator", lane), worker: Self.queue(redis, "worker", lane),
                        reducer: Self.queue(redis, "reducer", lane))
                }
            }
        }

        @Test func aNodeIsToldFromAServerAlone() async throws {
            try await withRedisCluster { cluster in
                let redis = RedisClient(try RedisURL(cluster.primaries[0].url), logger: .quiet)
                await #expect {
                    _ = try await Self.queue(redis, "worker").checkServer()
                } throws: { error in
                    "\(error)".contains("add ?cluster=true")
                }
            }
        }

        @Test func aLaneIsDrainedWhileItsSlotMoves() async throws {
            try await withRedisCluster { cluster in
                let redis = RedisClient(try RedisURL(cluster.url), logger: .quiet)
                let coordinator = Self.queue(redis, "coordinator")
                let shards = QueueFixture.shards(0..<3000)
                try await coordinator.prepare(generation: 1)
                try await coordinator.enqueue(Array(shards[..<1000]))
                let ledger = Ledger()
                let draining = Task {
                    let other = RedisClient(try RedisURL(cluster.url), logger: .quiet)
                    try await Self.drain(other, into: ledger, until: 3000)
                }
                let move = try SlotMove(ofKey: coordinator.keys.ready, in: cluster)
                // Some keys are here and some there: whoever needs both has to wait, whoever needs one finds it.
                _ = try move.carry(1)
                try await Self.patient { try await coordinator.enqueue(Array(shards[1000..<2000])) }
                try await Task.sleep(for: .milliseconds(100))
                try move.finish()
                try await Self.patient { try await coordinator.enqueue(Array(shards[2000...])) }
                // Another server has the lane now: what it holds might be older, so the coordinator has to decide.
                #expect(try await coordinator.generation() == nil)
                try await Self.heal(coordinator, shards, ledger)
                try await draining.value
                #expect(ledger.shards == Set(shards))
            }
        }

        @Test func afterTheDeathOfAPrimaryTheLaneIsFilledAgainAndNothingIsLost() async throws {
            try await withRedisCluster { cluster in
                let redis = RedisClient(try RedisURL(cluster.url), logger: .quiet)
                let coordinator = Self.queue(redis, "coordinator")
                let shards = QueueFixture.shards(0..<500)
                try await coordinator.prepare(generation: 1)
                try await coordinator.enqueue(shards)
                let worker = Self.queue(redis, "worker")
                let reducer = Self.queue(redis, "reducer")
                _ = try await worker.finish(try await worker.claimed(100).finished())
                // What the reducer has merged is in PostgreSQL, and so is what was sent.
                let merged = try await reducer.results(max: 60)
                try await reducer.acknowledgeResults(merged.map(\.entry))
                _ = try await worker.claimed(50)
                // A worker waits at the other end of a connection that dies.
                let waiting = Task { try await Self.queue(redis, "waiting", .live).claim(max: 1, block: .seconds(1)) }

                let slot = try cluster.slot(of: coordinator.keys.ready)
                cluster.primary(ofSlot: slot).kill()
                let died = ContinuousClock.now
                #expect(try await Self.patient { try await coordinator.generation() } == nil)
                print("the lane was reached again \(ContinuousClock.now - died) after its primary's death")
                _ = await waiting.result
                let ledger = Ledger()
                ledger.add(merged.map(\.shard))
                try await Self.heal(coordinator, shards, ledger)
                try await Self.drain(redis, into: ledger, until: shards.count)
                #expect(ledger.shards == Set(shards))
            }
        }

        /// What PostgreSQL knows: which shards are merged.
        private final class Ledger: Sendable {
            private let merged = Mutex<Set<ShardID>>([])

            var shards: Set<ShardID> { merged.withLock { $0 } }

            func add(_ shards: [ShardID]) { merged.withLock { $0.formUnion(shards) } }
        }

        /// As the coordinator heals a lane in doubt.
        private static func heal(_ coordinator: LaneQueue, _ shards: [ShardID], _ ledger: Ledger) async throws {
            try await patient { try await coordinator.reset() }
            let unmerged = shards.filter { !ledger.shards.contains($0) }
            try await patient { try await coordinator.enqueue(unmerged) }
            try await patient { try await coordinator.prepare(generation: 2) }
            #expect(try await coordinator.generation() == 2)
        }

        private static func queue(_ redis: RedisClient, _ consumer: String, _ lane: Lane = .bulk) -> LaneQueue {
            var settings = QueueSettings()
            settings.consumer = consumer
            settings.profile = QueueFixture.sweeping
            return LaneQueue(redis: redis, blocking: redis.sibling(), lane: lane, settings: settings, logger: .quiet)
        }

        /// A worker and a reducer that go on through every transient error until so many shards are merged.
        private static func drain(_ redis: RedisClient, into ledger: Ledger, until count: Int) async throws {
            let worker = queue(redis, "drain")
            let reducer = queue(redis, "reduce")
            let end = ContinuousClock.now + .seconds(60)
            while ledger.shards.count < count, ContinuousClock.now < end {
                let leases = try await patient { try await worker.claimed(100) }
                _ = try await patient { try await worker.finish(leases.finished()) }
                while true {
                    let results = try await patient { try await reducer.results(max: 256) }
                    guard !results.isEmpty else { break }
                    ledger.add(results.map(\.shard))
                    try await patient { try await reducer.acknowledgeResults(results.map(\.entry)) }
                }
                if leases.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            }
        }

        /// Tries again after transient errors, for up to a minute.
        private static func patient<Result>(_ work: () async throws -> Result) async throws -> Result {
            let end = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < end {
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
