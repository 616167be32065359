import Foundation
import Harness
import LocalServers
import Testing

@Suite struct PrivateRedisTests {
    @Test(.timeLimit(.minutes(1))) func aPrivateRedisAnswersAndRefusesToEvict() async throws {
        try await withRedisServer { server async throws in
            #expect(server.url.hasPrefix("redis+unix:///"))
            #expect(server.isRunning)
            #expect(try redis(server, "PING") == "PONG")
            #expect(try redis(server, "CONFIG", "GET", "maxmemory-policy").contains("noeviction"))
        }
    }

    @Test(.timeLimit(.minutes(1))) func aKilledRedisComesBackAtTheSameURLAndEmpty() async throws {
        try await withRedisServer { server async throws in
            let url = server.url
            _ = try redis(server, "SET", "a", "1")
            server.kill()
            #expect(!server.isRunning)
            try server.restart()
            #expect(server.url == url)
            #expect(try redis(server, "EXISTS", "a") == "0")
        }
    }

    @Test(.timeLimit(.minutes(1))) func anAppendOnlyRedisKeepsItsDataOverAStop() async throws {
        try await withRedisServer(.init(appendOnly: true)) { server async throws in
            _ = try redis(server, "SET", "a", "1")
            server.stop()
            try server.restart()
            #expect(try redis(server, "GET", "a") == "1")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aLoopbackRedisWantsItsPassword() async throws {
        try await withRedisServer(.init(password: "geheim1", loopbackPort: true)) { server async throws in
            #expect(server.url.hasPrefix("redis://:geheim1@127.0.0.1:"))
            let port = try #require(server.url.split(separator: ":").last)
            let words = ["-h", "127.0.0.1", "-p", String(port), "--no-auth-warning"]
            #expect(try Run.program("/usr/bin/redis-cli", words + ["-a", "geheim1", "PING"]) == "PONG\n")
            #expect(try Run.program("/usr/bin/redis-cli", words + ["PING"]).contains("NOAUTH"))
        }
    }

    @Test func aPasswordThatWouldNeedQuotingIsRefused() async throws {
        await #expect(throws: LocalServerError.self) {
            try await withRedis(.init(password: "two words")) { _ in }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aFolderWithALongPathGetsAShortSocket() async throws {
        let folder = try TestFolder.make() + "/" + String(repeating: "deep/", count: 30)
        let server = try PrivateRedis.start(in: folder)
        #expect(try redis(server, "PING") == "PONG")
        server.stop()
        try FileManager.default.removeItem(atPath: socket(server).replacing("/redis.sock", with: ""))
    }

    @Test(.timeLimit(.minutes(1))) func aSecondServerInTheSameFolderIsRefused() async throws {
        try await withRedisServer { server async throws in
            #expect(throws: LocalServerError.self) { try PrivateRedis.start(in: server.folder) }
            #expect(try redis(server, "PING") == "PONG")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aServerThatCannotStartSaysWhy() async throws {
        // A maxmemory that Redis reads as a negative number is refused at its start.
        let error = try await #require(throws: LocalServerError.self) {
            try await withRedis(.init(maximumMemoryBytes: -1)) { _ in }
        }
        #expect(error.description.contains("maxmemory"), "\(error)")
    }

    @Test(.timeLimit(.minutes(1))) func aDetachedServerIsFoundByItsFolderAndStopped() async throws {
        let folder = TestFolder.path("detached")
        let started = try PrivateRedis.start(in: folder, lifetime: .detached)
        let found = try #require(PrivateRedis.find(in: folder))
        #expect(found.url == started.url)
        #expect(found.pid == started.pid)
        #expect(try redis(found, "PING") == "PONG")
        found.stop()
        #expect(PrivateRedis.find(in: folder) == nil)
        #expect(!started.isRunning)
    }
}

private func socket(_ server: PrivateRedis) -> String { server.url.replacing("redis+unix://", with: "") }

private func redis(_ server: PrivateRedis, _ words: String...) throws -> String {
    try Run.program("/usr/bin/redis-cli", ["-s", socket(server)] + words).trimmingCharacters(in: .newlines)
}
