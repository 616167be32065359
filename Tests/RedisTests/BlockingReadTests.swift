import Harness
import LocalServers
import Testing

@testable import Redis

extension ClientOnRedis {
    @Suite struct BlockingReadTests {
        private static func clients(_ url: String) throws -> (redis: RedisClient, reader: RedisClient) {
            let redis = RedisClient(try RedisURL(url), logger: .quiet)
            return (redis, redis.sibling())
        }

        @Test func aBlockingReadGetsWhatComes() async throws {
            try await withRedis { url in
                let (redis, reader) = try Self.clients(url)
                async let popped = reader.block(RedisCommand("BLPOP", "q", "10"), for: .seconds(10), unblockedBy: redis)
                try await Task.sleep(for: .milliseconds(20))
                _ = try await redis.send("RPUSH", "q", "x")
                #expect(try await popped.array?.last?.text == "x")
            }
        }

        @Test func anEmptyBlockingReadEndsInItsTime() async throws {
            try await withRedis { url in
                let (redis, reader) = try Self.clients(url)
                let reply = try await reader.block(
                    RedisCommand("BLPOP", "q", "0.05"), for: .milliseconds(50), unblockedBy: redis)
                #expect(reply == .null)
            }
        }

        @Test(arguments: [0, 1, 50]) func aCancelledBlockingReadEndsWithin100Milliseconds(pause: Int) async throws {
            try await withRedis { url in
                let (redis, reader) = try Self.clients(url)
                _ = try await redis.send("PING")
                var fastest = Duration.seconds(60)
                for _ in 0..<5 {
                    let task = Task {
                        try await reader.block(RedisCommand("BLPOP", "q", "30"), for: .seconds(30), unblockedBy: redis)
                    }
                    try await Task.sleep(for: .milliseconds(pause))
                    let start = ContinuousClock.now
                    task.cancel()
                    let result = await task.result
                    fastest = min(fastest, ContinuousClock.now - start)
                    #expect((try? result.get()) ?? .null == .null)
                }
                // The fastest of five, since other tests may hold the cores.
                #expect(fastest < .milliseconds(100))
                // Nobody is left waiting on the server, so this is not taken away.
                _ = try await redis.send("RPUSH", "q", "x")
                #expect(try await redis.send("LLEN", "q") == .integer(1))
            }
        }

        @Test func aCancelledReadEndsInTimeThoughTheServerIsSilent() async throws {
            try await withRedisServer { server in
                let (redis, reader) = try Self.clients(server.url)
                _ = try await redis.send("PING")
                let task = Task {
                    try await reader.block(RedisCommand("BLPOP", "q", "30"), for: .seconds(30), unblockedBy: redis)
                }
                try await Task.sleep(for: .milliseconds(30))
                server.pause()
                let start = ContinuousClock.now
                task.cancel()
                await #expect(throws: RedisError.cancelled) { try await task.value }
                #expect(ContinuousClock.now - start < .seconds(2))
                server.resume()
            }
        }

        @Test func withoutTheRightToUnblockTheConnectionIsClosed() async throws {
            try await withRedis { url in
                let (admin, _) = try Self.clients(url)
                _ = try await admin.send("ACL", "SETUSER", "default", "on", "+@all", "-client")
                let (redis, reader) = try Self.clients(url)
                let task = Task {
                    try await reader.block(RedisCommand("BLPOP", "q", "30"), for: .seconds(30), unblockedBy: redis)
                }
                try await Task.sleep(for: .milliseconds(50))
                let start = ContinuousClock.now
                task.cancel()
                await #expect(throws: RedisError.cancelled) { try await task.value }
                #expect(ContinuousClock.now - start < .seconds(2))
            }
        }
    }
}
