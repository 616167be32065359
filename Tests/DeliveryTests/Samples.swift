import Anomalies
import Delivery
import Domain
import Harness
import Logging
import Postgres
import ServiceLifecycle
import Store

/// A message as tests need one.
func alert(
    _ anomaly: Int64 = 7, revision: Int = 1, _ event: AlertMessage.Event = .opened, brand: String = "Aurora",
    text: String = "they burn", driver: String = "recall"
) -> AlertMessage {
    let time = Timestamp(seconds: 1_795_422_600)
    return AlertMessage(
        event: event, anomaly: anomaly, monitor: "cities", brand: brand, platform: nil, metric: "mentions",
        windowSeconds: 300, kind: .crisis, stage: .open, startedAt: time,
        endedAt: Timestamp(seconds: time.seconds + 1800),
        peakAt: time, peakValue: 60, value: 100, expected: 4, excess: 96, returnDays: 41, severity: 3.7,
        budgetDays: 3.5,
        posts: 100,
        drivers: [
            AlertDriver(kind: "hashtag", key: driver, posts: 80, authors: 70, expected: 0.1, share: 0.8, score: 88)
        ],
        examples: [
            AlertExample(postID: "1", author: "ann", createdAt: time, text: text, url: "https://example.com/1")
        ], detector: "d1", revision: revision, foundAt: time, updatedAt: time)
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A secret long enough to sign with.
let secret = "0123456789abcdef0123456789abcdef"

/// A migrated database and what deliverers do with it.
struct Outbox {
    let url: String
    let store: Store

    static func with(_ body: (Outbox) async throws -> Void) async throws {
        try await withPostgres { url in
            let store = Store(url: url, logger: quiet)
            _ = try await store.migrate()
            try await body(Outbox(url: url, store: store))
            await store.close()
        }
    }

    /// Writes messages as the transaction that settles an anomaly does.
    func write(_ messages: [AlertMessage], to channel: String = "ops", notBefore: String = "now()") async throws {
        try await PostgresConnection(PostgresSettings(url: url)).use { session in
            for message in messages {
                try session.query(
                    """
                    INSERT INTO gw.outbox (channel, anomaly_id, revision, event, body, not_before)
                    VALUES ($1, $2, $3, $4, $5::text::jsonb, \(notBefore)) ON CONFLICT DO NOTHING
                    """, .text(channel), .int8(message.anomaly), .int4(Int32(message.revision)),
                    .text(message.event.rawValue), .text(String(decoding: try message.json(), as: UTF8.self)))
            }
        }
    }

    func sql(_ query: String) async throws -> [String] {
        try await PostgresConnection(PostgresSettings(url: url)).use { session in
            try session.query(
                "SELECT array_to_string(ARRAY(SELECT value FROM json_each_text(to_json(q))), '|', '~') FROM (\(query)) q"
            )
            .map { $0.text(0) }
        }
    }

    func run(_ statement: String) async throws {
        try await PostgresConnection(PostgresSettings(url: url)).use { session in _ = try session.query(statement) }
    }

    /// How many messages of a state there are.
    func count(_ state: DeliveryStatus.State) async throws -> Int { try await store.deliveries(state: state).count }

    /// Quick: pauses of milliseconds.
    static var settings: DeliverySettings {
        var settings = DeliverySettings()
        settings.look = .milliseconds(20)
        settings.firstPause = .milliseconds(40)
        return settings
    }

    /// Runs deliverers for as long as the body takes; each with a connection of its own.
    func delivering(
        to channels: [Channel], _ settings: DeliverySettings = settings, deliverers: Int = 1,
        _ body: () async throws -> Void
    ) async throws {
        let services = (0..<deliverers).map { _ in
            DeliveryService(channels: channels, store: store.sibling(), settings: settings, logger: quiet)
        }
        let group = ServiceGroup(configuration: .init(services: services, logger: quiet))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body()
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

func webhook(_ url: String, name: String = "ops") throws -> Channel {
    let yaml = "channels: [{name: \(name), kind: webhook, url: '\(url)', secret: \(secret)}]"
    return try ChannelsFile(yaml: yaml, fileName: "test", environment: [:]).channels[0]
}

struct Impatience: Error {}

/// Waits until something holds; 20 seconds at most.
func eventually(_ condition: () async throws -> Bool) async throws {
    for _ in 0..<1000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw Impatience()
}
