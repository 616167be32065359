import Chaos
import Foundation
import Glibc
import Harness
import Testing

extension RealProcesses {
    /// A proxy before a server that answers each line with itself, over real TCP.
    @Suite(.timeLimit(.minutes(3)))
    struct FaultProxyTests {
        @Test func whatIsSentComesBackThroughIt() async throws {
            try await withEcho { proxy in
                let client = try await onOwnThread { try LineClient(port: proxy.port) }
                #expect(try await onOwnThread { try client.ask("hello") } == "hello")
                #expect(proxy.connections == 1)
                let long = String(repeating: "x", count: 300_000)
                #expect(try await onOwnThread { try client.ask(long) } == long)
            }
        }

        @Test func aDelayedLineAnswersLater() async throws {
            try await withEcho { proxy in
                let client = try await onOwnThread { try LineClient(port: proxy.port) }
                _ = try await onOwnThread { try client.ask("warm") }
                proxy.set(.delay(.milliseconds(150)))
                let started = ContinuousClock.now
                let answer = try await onOwnThread { try client.ask("slow") }
                #expect(answer == "slow")
                // There and back.
                #expect(ContinuousClock.now - started >= .milliseconds(300))
            }
        }

        @Test func aCutIsAResetAndANewConnectionWorks() async throws {
            try await withEcho { proxy in
                let client = try await onOwnThread { try LineClient(port: proxy.port) }
                _ = try await onOwnThread { try client.ask("before") }
                proxy.cutAll()
                #expect(try await onOwnThread { client.end() } == .failed(ECONNRESET))
                let next = try await onOwnThread { try LineClient(port: proxy.port) }
                #expect(try await onOwnThread { try next.ask("after") } == "after")
            }
        }

        @Test func aHalfClosedLineEndsTheAnswersOnly() async throws {
            let heard = Heard()
            try await withEcho(heard) { proxy in
                let client = try await onOwnThread { try LineClient(port: proxy.port) }
                _ = try await onOwnThread { try client.ask("before") }
                proxy.halfCloseAll()
                #expect(try await onOwnThread { client.end() } == .closed)
                try await onOwnThread { try client.send("still heard") }
                try await eventually { heard.lines.contains("still heard") }
            }
        }

        @Test func aFrozenLinePassesNothingUntilItIsHealed() async throws {
            try await withEcho { proxy in
                let client = try await onOwnThread { try LineClient(port: proxy.port) }
                _ = try await onOwnThread { try client.ask("before") }
                proxy.set(.freeze)
                try await onOwnThread { try client.send("waiting") }
                #expect(try await onOwnThread { client.read(within: .milliseconds(200)) } == .silent)
                proxy.heal()
                #expect(try await onOwnThread { client.read(within: .seconds(20)) } == .line("waiting"))
            }
        }

        @Test func aClientWhoseServerIsGoneHearsOfItWhenTheLineHeals() async throws {
            try await withEcho { proxy in
                let client = try await onOwnThread { try LineClient(port: proxy.port) }
                _ = try await onOwnThread { try client.ask("before") }
                proxy.loseServers()
                try await onOwnThread { try client.send("into the void") }
                #expect(try await onOwnThread { client.read(within: .milliseconds(200)) } == .silent)
                proxy.heal()
                #expect(try await onOwnThread { client.end() } == .failed(ECONNRESET))
            }
        }

        @Test func aServerWhoseClientIsGoneHearsOfItWhenTheLineHeals() async throws {
            let heard = Heard()
            try await withEcho(heard) { proxy in
                let client = try await onOwnThread { try LineClient(port: proxy.port) }
                _ = try await onOwnThread { try client.ask("before") }
                proxy.loseClients()
                #expect(try await onOwnThread { client.end() } == .failed(ECONNRESET))
                try await Task.sleep(for: .milliseconds(100))
                #expect(heard.ended == 0)
                proxy.heal()
                try await eventually { heard.ended == 1 }
            }
        }

        @Test func withoutItsServerAConnectionEndsAtOnce() async throws {
            let proxy = try await FaultProxy.start(to: .tcp(host: "127.0.0.1", port: 1))
            try await serving(proxy) {
                let client = try await onOwnThread { try LineClient(port: proxy.port) }
                #expect(try await onOwnThread { client.end() } != .silent)
            }
        }

        // MARK: Setting up

        private func withEcho(
            _ heard: Heard = Heard(), _ body: @Sendable (FaultProxy) async throws -> Void
        ) async throws {
            let echo = try EchoServer(heard)
            defer { echo.stop() }
            let proxy = try await FaultProxy.start(to: .tcp(host: "127.0.0.1", port: echo.port))
            try await serving(proxy) { try await body(proxy) }
        }

        private func serving(_ proxy: FaultProxy, _ body: () async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await proxy.run() }
                try await body()
                group.cancelAll()
            }
        }

        private func eventually(_ condition: @Sendable () -> Bool) async throws {
            for _ in 0..<2000 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
            #expect(condition())
        }
    }
}
