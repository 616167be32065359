import Domain
import LocalServers
import Redis
import Testing

@testable import Queue

extension QueueOnRedis {
    @Suite struct RightsTests {
        @Test func eachRoleGetsByWithItsLeastRights() async throws {
            try await QueueFixture.with { fixture in
                let coordinator = try await Self.queue(fixture, .coordinator)
                let worker = try await Self.queue(fixture, .worker)
                let reducer = try await Self.queue(fixture, .reducer)
                _ = try await coordinator.checkServer()
                try await coordinator.prepare(generation: 1)
                try await coordinator.reset()
                try await coordinator.enqueue(QueueFixture.shards(0..<4))
                try await coordinator.prepare(generation: 2)
                #expect(try await coordinator.generation() == 2)

                let leases = try await worker.claimed()
                #expect(try await worker.beat(leases) == [])
                #expect(try await worker.reclaim(max: 1) == [])
                #expect(try await worker.release([leases[0]]) == [true])
                #expect(try await worker.acknowledge([leases[1]]) == [true])
                #expect(
                    try await worker.finish(leases.suffix(2).map { Finished(lease: $0, parts: []) }) == [true, true])
                let waiting = Task { try await worker.claim(max: 10, block: .seconds(10)) }
                #expect(try await waiting.value != .empty)
                let cancelled = Task { try await worker.claim(max: 10, block: .seconds(10)) }
                try await Task.sleep(for: .milliseconds(30))
                cancelled.cancel()
                _ = await cancelled.result
                try await worker.leave()

                let results = try await reducer.results(max: 10, block: .seconds(10))
                #expect(results.count == 2)
                #expect(try await reducer.reclaimResults(max: 1) == [])
                try await reducer.acknowledgeResults(results.map(\.entry))
                try await reducer.leave()
                #expect(try await coordinator.depth().results == 0)
                try await coordinator.forgetConsumers(silentFor: .zero)
            }
        }

        @Test func onlyTheCoordinatorMayEmptyALane() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<1))
                for role in [LaneRights.worker, .reducer] {
                    let queue = try await Self.queue(fixture, role)
                    await #expect {
                        try await queue.reset()
                    } throws: { error in
                        "\(error)".contains("NOPERM") || "\(error)".contains("No permissions")
                            || "\(error)".contains("can't run this command")
                    }
                }
                #expect(try await fixture.queue().depth().waiting == 1)
            }
        }

        /// A queue whose connections have the role's rights only.
        private static func queue(_ fixture: QueueFixture, _ role: LaneRights) async throws -> LaneQueue {
            var command = RedisCommand("ACL", "SETUSER", role.rawValue, "on", ">pw", "resetkeys", "-@all")
            for rule in role.rules() { command.append(rule) }
            _ = try await fixture.redis.send(command)
            var url = try RedisURL(fixture.server.url)
            (url.user, url.password) = (role.rawValue, "pw")
            let redis = RedisClient(url, logger: .quiet)
            return LaneQueue(
                redis: redis, blocking: redis.sibling(), lane: .bulk, settings: QueueSettings(role: role.rawValue),
                logger: .quiet)
        }
    }
}
