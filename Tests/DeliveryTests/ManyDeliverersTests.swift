import Anomalies
import Domain
import Foundation
import Harness
import LocalServers
import Store
import Testing

@testable import Delivery

@Suite(.timeLimit(.minutes(2))) struct ManyDeliverersTests {
    @Test func severalDeliverersSendEachMessageOnceWhenNobodyDies() async throws {
        try await Receiver.with { _, _ in
            .answer(200)
        } body: { receiver in
            try await Outbox.with { outbox in
                try await outbox.write((1...100).map { alert($0) })
                try await outbox.delivering(to: [try webhook(receiver.url)], deliverers: 4) {
                    try await eventually { try await outbox.store.deliveries(state: .delivered).count == 100 }
                }
                #expect(receiver.requests.count == 100)
                #expect(Set(receiver.requests.map(\.key)).count == 100)
            }
        }
    }

    @Test func whatADeadDelivererHadInHandComesToAnother() async throws {
        try await Receiver.with { _, _ in
            .answer(200)
        } body: { receiver in
            try await Outbox.with { outbox in
                try await outbox.write((1...4).map { alert($0) })
                // One takes two messages and is never heard of again.
                let taken = try await outbox.store.claimMessages(of: "ops", most: 2, lease: .seconds(600))
                #expect(taken.count == 2)
                try await outbox.delivering(to: [try webhook(receiver.url)]) {
                    try await eventually { try await outbox.count(.delivered) == 2 }
                    #expect(!receiver.requests.map(\.key).contains(taken[0].key))
                    // Not ten minutes: its time is told to be over.
                    try await outbox.run("UPDATE gw.outbox SET claimed_until = '-infinity' WHERE delivered_at IS NULL")
                    try await eventually { try await outbox.count(.delivered) == 4 }
                }
                // It lives after all: what it says of a try that is no longer its own changes nothing.
                try await outbox.store.noteFailure(of: taken[0], reason: "late", pause: nil)
                #expect(try await outbox.count(.delivered) == 4)
            }
        }
    }

    @Test func killedProcessesLoseNothing() async throws {
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("groundswell").path
        // Slow enough that the killed one has messages in hand.
        try await Receiver.with { _, _ in
            usleep(20_000)
            return .answer(200)
        } body: { receiver in
            try await Outbox.with { outbox in
                let folder = try TestFolder.make("deliver")
                let file = "\(folder)/channels.yaml"
                try "channels: [{name: ops, kind: webhook, url: '\(receiver.url)', secret: '${SECRET}'}]"
                    .write(toFile: file, atomically: true, encoding: .utf8)
                var environment = ProcessInfo.processInfo.environment
                environment["GROUNDSWELL_POSTGRES"] = outbox.url
                environment["SECRET"] = secret
                let start = { @Sendable [environment] (name: String) in
                    try PrivateProgram.start(
                        executable, ["deliver", "--channels", file], environment: environment, in: "\(folder)/\(name)")
                }
                try await outbox.write((1...120).map { alert($0) })
                let first = try await onOwnThread { try start("first") }
                let second = try await onOwnThread { try start("second") }
                try await eventually { receiver.requests.count > 30 }
                try await onOwnThread { first.kill() }
                // Not a minute: what the dead one had in hand is told to be free.
                try await outbox.run("UPDATE gw.outbox SET claimed_until = '-infinity' WHERE delivered_at IS NULL")
                try await eventually { try await outbox.store.deliveries(state: .delivered).count == 120 }
                try await onOwnThread { second.stop() }
                #expect(Set(receiver.requests.map(\.key)).count == 120)
                let log = try String(contentsOfFile: second.logFile, encoding: .utf8)
                #expect(log.contains("deliverer is down") && !log.contains(secret), "\(log)")
            }
        }
    }

    @Test func anOutageOfPostgreSQLIsWaitedFor() async throws {
        try await Receiver.with { _, _ in
            .answer(200)
        } body: { receiver in
            try await withPostgresServer { server in
                let store = Store(url: server.url, logger: quiet)
                _ = try await store.migrate()
                let outbox = Outbox(url: server.url, store: store)
                try await outbox.delivering(to: [try webhook(receiver.url)]) {
                    try await outbox.write([alert(1)])
                    try await eventually { receiver.requests.count == 1 }
                    try await onOwnThread { server.kill() }
                    try await Task.sleep(for: .milliseconds(300))
                    try await onOwnThread { try server.restart() }
                    try await eventually {
                        do { try await outbox.write([alert(2)]) } catch { return false }
                        return true
                    }
                    try await eventually { receiver.requests.contains { $0.key == alert(2).key } }
                }
                await store.close()
            }
        }
    }
}
