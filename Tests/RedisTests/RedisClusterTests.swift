import Harness
import LocalServers
import Testing

@testable import Redis

extension ClientOnRedis {
    @Suite struct RedisClusterTests {
        @Test func everyKeyIsFoundAtItsNode() async throws {
            try await withRedisCluster { cluster in
                let redis = RedisClient(try RedisURL(cluster.url), logger: .quiet)
                for number in 0..<60 {
                    let key = "key {\(number)} of one".replacing(" ", with: ":")
                    #expect(try cluster.slot(of: key) == HashSlot(key: key).number)
                    let client = redis.serving(key)
                    #expect(try await client.send("SET", key, "\(number)") == .status("OK"))
                    #expect(try await client.send("GET", key).integer == Int64(number))
                }
                #expect(try await redis.send("PING").text == "PONG")
                #expect(try await redis.sendToEachPrimary(RedisCommand("DBSIZE")).count == 3)
                let sizes = try await redis.sendToEachPrimary(RedisCommand("DBSIZE")).compactMap(\.integer)
                #expect(sizes.reduce(0, +) == 60 && !sizes.contains(0))
            }
        }

        @Test func aSlotIsFollowedWhileItMovesAndAfter() async throws {
            try await withRedisCluster { cluster in
                // One node is enough to find the others.
                let first = try #require(cluster.url.firstIndex(of: ",").map { String(cluster.url[..<$0]) })
                let redis = RedisClient(try RedisURL(first + "/?cluster=true"), logger: .quiet).serving("{q}")
                let reader = redis.sibling()
                for number in 0..<10 { _ = try await redis.send("SET", "{q}:\(number)", "a") }
                let waiting = Task {
                    try await reader.block(
                        RedisCommand("BLPOP", "{q}:list", "20"), for: .seconds(20), unblockedBy: redis)
                }
                let move = try SlotMove(ofKey: "{q}", in: cluster)
                #expect(try move.carry(5) == 5)
                // Half of the keys are there, half here; a pipeline is answered in its order all the same.
                let gets = (0..<10).map { RedisCommand("GET", "{q}:\($0)") }
                #expect(try await redis.pipeline(gets).map(\.text) == Array(repeating: "a", count: 10))
                // A script with keys of both sides has to wait for the end of the move.
                let all = RedisScript(name: "all", source: "return redis.call('MGET', unpack(KEYS))")
                let keys = (0..<10).map { "{q}:\($0)" }
                await #expect {
                    try await redis.eval(all, keys: keys)
                } throws: { error in
                    (error as? RedisError)?.isTransient == true && "\(error)".contains("TRYAGAIN")
                }
                try move.finish()
                #expect(try await redis.eval(all, keys: keys).array?.count == 10)
                #expect(try await redis.pipeline(gets).map(\.text) == Array(repeating: "a", count: 10))
                // The read that waited at the old node goes on at the new one.
                _ = try await redis.send("RPUSH", "{q}:list", "x")
                #expect(try await waiting.value.array?.last?.text == "x")
                let cancelled = Task {
                    try await reader.block(
                        RedisCommand("BLPOP", "{q}:list", "20"), for: .seconds(20), unblockedBy: redis)
                }
                try await Task.sleep(for: .milliseconds(50))
                cancelled.cancel()
                #expect(try await cancelled.value == .null)
            }
        }

        @Test(arguments: [false, true]) func aReplicaIsFoundWhenItsPrimaryDiesOrHangs(hangs: Bool) async throws {
            try await withRedisCluster { cluster in
                var settings = RedisClient.Settings()
                settings.timeout = .seconds(1)
                let redis = RedisClient(try RedisURL(cluster.url), settings: settings, logger: .quiet).serving("{q}")
                _ = try await redis.send("SET", "{q}", "before")
                #expect(try await redis.send("WAIT", "1", "5000") == .integer(1))
                let primary = cluster.primary(ofSlot: try cluster.slot(of: "{q}"))
                if hangs { primary.pause() } else { primary.kill() }
                let died = ContinuousClock.now
                await #expect(throws: RedisError.self) { try await redis.send("GET", "{q}") }
                var value: String?
                while value == nil, ContinuousClock.now - died < .seconds(60) {
                    do throws(RedisError) {
                        value = try await redis.send("GET", "{q}").text
                    } catch {
                        #expect(error.isTransient, "\(error)")
                    }
                }
                #expect(value == "before")
                // It comes back as a replica and sends whoever asks it to its primary.
                if hangs { primary.resume() } else { try primary.restart() }
                _ = try await redis.send("SET", "{q}", "after")
                #expect(try await redis.send("GET", "{q}").text == "after")
            }
        }

        @Test func aServerAloneIsNoCluster() async throws {
            try await withRedis(.init(loopbackPort: true)) { url in
                let redis = RedisClient(try RedisURL("\(url)/?cluster=true"), logger: .quiet)
                await #expect {
                    try await redis.send("PING")
                } throws: { error in
                    "\(error)".contains("leave cluster=true out") && (error as? RedisError)?.isTransient == false
                }
            }
        }
    }
}
