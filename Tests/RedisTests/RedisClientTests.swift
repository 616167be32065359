import Harness
import LocalServers
import Testing

@testable import Redis

extension ClientOnRedis {
    @Suite struct RedisClientTests {
        private static func client(
            _ url: String, _ change: (inout RedisClient.Settings) -> Void = { _ in }
        ) throws -> RedisClient {
            var settings = RedisClient.Settings()
            change(&settings)
            return RedisClient(try RedisURL(url), settings: settings, logger: .quiet)
        }

        @Test func everyByteComesBackUnchanged() async throws {
            try await withRedis { url in
                let redis = try Self.client(url)
                let value = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                var set = RedisCommand("SET", "key\r\n\0")
                set.append(value)
                #expect(try await redis.send(set) == .status("OK"))
                #expect(try await redis.send("GET", "key\r\n\0") == .bytes(value))
                #expect(try await redis.send("GET", "absent") == .null)
            }
        }

        @Test func aPipelineKeepsItsOrderAndItsErrors() async throws {
            try await withRedis { url in
                let redis = try Self.client(url)
                let commands = (0..<5000).map { RedisCommand("ECHO", String($0)) } + [RedisCommand("NONSENSE")]
                let replies = try await redis.pipeline(commands)
                #expect(replies.prefix(5000).map(\.integer) == (0..<5000).map { Int64($0) })
                #expect(replies.last.flatMap { RedisError(reply: $0) } != nil)
                #expect(try await redis.pipeline([]) == [])
            }
        }

        @Test func manyTasksShareOneConnection() async throws {
            try await withRedis { url in
                let redis = try Self.client(url)
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<500 {
                        group.addTask { try await redis.send("ECHO", "\(number)").integer == Int64(number) }
                    }
                    for try await right in group { #expect(right) }
                }
                let list = try await redis.send("CLIENT", "LIST").text ?? ""
                #expect(list.split(separator: "\n").count { $0.contains("name=groundswell") } == 1)
            }
        }

        @Test func theServersErrorIsTyped() async throws {
            try await withRedis { url in
                let redis = try Self.client(url)
                _ = try await redis.send("SET", "text", "x")
                await #expect {
                    try await redis.send("INCR", "text")
                } throws: { error in
                    guard case .server("ERR", let message)? = error as? RedisError else { return false }
                    return message.contains("integer")
                }
                await #expect {
                    try await redis.send("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">")
                } throws: { error in
                    guard case .server("NOGROUP", _)? = error as? RedisError else { return false }
                    return true
                }
            }
        }

        @Test func aScriptTravelsOnceAndAgainAfterAFlush() async throws {
            try await withRedis { url in
                let redis = try Self.client(url)
                let script = RedisScript(name: "echo", source: "return {KEYS[1], ARGV[1], ARGV[2]}")
                #expect(try await redis.send("SCRIPT", "LOAD", script.source).text == script.digest)
                _ = try await redis.send("SCRIPT", "FLUSH")
                var words = RedisWords()
                words.append("a")
                words.append(7)
                for _ in 0..<2 {
                    #expect(
                        try await redis.eval(script, keys: ["k"], words)
                            == .array([.bytes(Array("k".utf8)), .bytes(Array("a".utf8)), .bytes(Array("7".utf8))]))
                }
                #expect(try await redis.send("SCRIPT", "EXISTS", script.digest) == .array([.integer(1)]))
            }
        }

        @Test func passwordUserAndDatabaseAreUsed() async throws {
            try await withRedis(.init(password: "secret")) { url in
                let admin = try Self.client(url)
                _ = try await admin.send("ACL", "SETUSER", "ann", "on", ">pw", "~*", "+@all", "-client")
                let login = url.replacing(":secret@", with: "ann:pw@")
                let ann = try Self.client("\(login)?db=3")
                #expect(try await ann.send("ACL", "WHOAMI").text == "ann")
                _ = try await ann.send("SET", "where", "three")
                #expect(try await admin.send("GET", "where") == .null)
            }
        }

        @Test(arguments: ["wrong", nil]) func aWrongPasswordIsAClearError(password: String?) async throws {
            try await withRedis(.init(password: "secret")) { url in
                let redis = try Self.client(url.replacing(":secret@", with: password.map { ":\($0)@" } ?? ""))
                await #expect {
                    try await redis.send("PING")
                } throws: { error in
                    guard case .authentication? = error as? RedisError else { return false }
                    return "\(error)".contains("check user and password") && !"\(error)".contains("wrong-")
                }
            }
        }

        @Test func anAbsentServerIsAClearErrorAtOnce() async throws {
            let redis = try Self.client("unix:\(TestFolder.path("nothing"))/redis.sock")
            let start = ContinuousClock.now
            await #expect {
                try await redis.send("PING")
            } throws: { error in
                guard case .connection(let reason)? = error as? RedisError else { return false }
                return reason.contains("redis.sock")
            }
            #expect(ContinuousClock.now - start < .seconds(2))
        }

        @Test func anAbsentServerIsNotCalledInATightLoop() async throws {
            let redis = try Self.client("redis://127.0.0.1:1")
            let end = ContinuousClock.now + .milliseconds(600)
            var attempts = 0
            while ContinuousClock.now < end {
                _ = try? await redis.send("PING")
                attempts += 1
            }
            // Full jitter may draw short pauses; without any there would be thousands.
            #expect(attempts < 60, "\(attempts) attempts")
        }

        @Test func aSilentServerTimesOutAndIsFoundAgain() async throws {
            try await withRedisServer { server in
                let redis = try Self.client(server.url) { $0.timeout = .milliseconds(150) }
                _ = try await redis.send("PING")
                server.pause()
                let start = ContinuousClock.now
                await #expect(throws: RedisError.timeout("GET", after: .milliseconds(150))) {
                    try await redis.send("GET", "key")
                }
                #expect(ContinuousClock.now - start < .seconds(2))
                server.resume()
                try await Self.eventually { try await redis.send("PING").text == "PONG" }
            }
        }

        @Test func aCancelledCommandEndsAtOnce() async throws {
            try await withRedisServer { server in
                let redis = try Self.client(server.url)
                _ = try await redis.send("PING")
                server.pause()
                let task = Task { try await redis.send("GET", "key") }
                try await Task.sleep(for: .milliseconds(20))
                let start = ContinuousClock.now
                task.cancel()
                await #expect(throws: RedisError.cancelled) { try await task.value }
                #expect(ContinuousClock.now - start < .seconds(2))
                server.resume()
                // The late reply to the cancelled command must not be taken for the next one's.
                #expect(try await redis.send("ECHO", "next").text == "next")
            }
        }

        @Test func theClientComesBackAfterTheServerRestarts() async throws {
            try await withRedisServer { server in
                let redis = try Self.client(server.url)
                #expect(try await redis.send("PING").text == "PONG")
                server.kill()
                await #expect(throws: RedisError.self) { try await redis.send("PING") }
                try server.restart()
                try await Self.eventually { try await redis.send("PING").text == "PONG" }
            }
        }

        @Test func whoeverWaitsWhenTheServerDiesIsTold() async throws {
            try await withRedisServer { server in
                let redis = try Self.client(server.url)
                let reader = redis.sibling()
                _ = try await redis.send("PING")
                let waiting = Task {
                    try await reader.block(RedisCommand("BLPOP", "q", "60"), for: .seconds(60), unblockedBy: redis)
                }
                try await Task.sleep(for: .milliseconds(30))
                server.kill()
                await #expect {
                    try await waiting.value
                } throws: { error in
                    guard case .connection? = error as? RedisError else { return false }
                    return true
                }
            }
        }

        @Test func aClosedClientFailsEveryCommand() async throws {
            try await withRedis { url in
                let redis = try Self.client(url)
                _ = try await redis.send("PING")
                redis.close()
                await #expect(throws: RedisError.closed) { try await redis.send("PING") }
            }
        }

        /// Tries again through refused attempts, up to five seconds.
        static func eventually(_ condition: () async throws -> Bool) async throws {
            let end = ContinuousClock.now + .seconds(5)
            while ContinuousClock.now < end {
                if (try? await condition()) == true { return }
                try await Task.sleep(for: .milliseconds(5))
            }
            Issue.record("did not happen within five seconds")
        }
    }
}
