import Domain
import Foundation
import Harness
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
                try await QueueCycle.run(coordinator: coordinator, worker: worker, reducer: reducer)
            }
        }

        @Test func theListOfUsersIsTheRightsWordForWord() throws {
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "../../cluster/users.acl")
            #expect(try String(contentsOf: file, encoding: .utf8) == LaneRights.accessList)
        }

        @Test func theListOfUsersIsRefusedUntilItHasPasswords() async throws {
            let file = try TestFolder.make("users") + "/users.acl"
            try LaneRights.accessList.write(toFile: file, atomically: true, encoding: .utf8)
            await #expect {
                try await withRedis(.init(accessList: file)) { _ in }
            } throws: { error in
                "\(error)".contains("ended at once")
            }
        }

        /// The list as an operator completes it, over TLS: its password and its certificate let a role in.
        @Test(.enabled(if: TestCertificates.canBeMade)) func eachRoleGetsByOverTLSWithItsOwnUser() async throws {
            let file = try TestFolder.make("users") + "/users.acl"
            let list = LaneRights.allCases.reduce(LaneRights.accessList) { list, role in
                list.replacing(role.passwordPlaceholder, with: ">\(role)")
            }
            try list.replacing("#OPERATOR_PASSWORD_SHA256", with: ">operator")
                .write(toFile: file, atomically: true, encoding: .utf8)
            try await withRedis(.init(tls: try TestCertificates().tls, accessList: file)) { url in
                let queues = try LaneRights.allCases.map { role in
                    var url = try RedisURL(url)
                    (url.user, url.password) = (role.user, role.rawValue)
                    let redis = RedisClient(url, logger: .quiet)
                    return LaneQueue(
                        redis: redis, blocking: redis.sibling(), lane: .live,
                        settings: QueueSettings(role: role.rawValue), logger: .quiet)
                }
                try await QueueCycle.run(coordinator: queues[0], worker: queues[1], reducer: queues[2])
                for queue in queues.dropFirst() {
                    await Self.expectRefusal { try await queue.reset() }
                    await Self.expectRefusal { try await queue.prepare() }
                }
                await Self.expectRefusal { try await queues[2].enqueue(QueueFixture.shards(0..<1)) }
                await Self.expectRefusal { _ = try await queues[2].claim(max: 1) }
                await Self.expectRefusal { _ = try await queues[0].claim(max: 1) }
                await Self.expectRefusal { _ = try await queues[0].results(max: 1) }
                let stranger = RedisClient(try RedisURL(url), logger: .quiet)
                await #expect {
                    try await stranger.send("PING")
                } throws: { error in
                    guard case .authentication? = error as? RedisError else { return false }
                    return true
                }
            }
        }

        private static func expectRefusal(_ step: () async throws -> Void) async {
            await #expect {
                try await step()
            } throws: { error in
                "\(error)".contains("NOPERM") || "\(error)".contains("No permissions")
                    || "\(error)".contains("can't run this command")
            }
        }

        @Test func onlyTheCoordinatorMayEmptyALane() async throws {
            try await QueueFixture.with { fixture in
                _ = try await fixture.filled(QueueFixture.shards(0..<1))
                for role in [LaneRights.worker, .reducer] {
                    let queue = try await Self.queue(fixture, role)
                    await Self.expectRefusal { try await queue.reset() }
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
