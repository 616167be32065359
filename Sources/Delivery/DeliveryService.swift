internal import Anomalies
internal import Domain
package import Logging
internal import ServiceLifecycle
package import Store
internal import Synchronization
internal import Telemetry

/// The deliver role: tells receivers of anomalies, each message at least once.
///
/// Any number may run: a message is lent to one of them at a time.
package struct DeliveryService: Service {
    private let channels: [Channel]
    private let store: Store
    private let settings: DeliverySettings
    private let logger: Logger

    /// How often it is told how many messages wait.
    private static let report = Duration.seconds(15)
    private static let sweep = Duration.seconds(3600)

    package init(
        channels: [Channel], store: Store, settings: DeliverySettings = DeliverySettings(), logger: Logger
    ) {
        self.channels = channels
        self.store = store
        self.settings = settings
        self.logger = logger
    }

    /// Delivers until graceful shutdown; a try that has begun is noted.
    package func run() async throws {
        logger.info("deliverer is up", metadata: ["channels": "\(channels.map(\.name).joined(separator: ", "))"])
        let isEnding = Flag()
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for channel in channels {
                    group.addTask {
                        var loop = ChannelLoop(channel, store: store, settings: settings, logger: logger)
                        await loop.run { isEnding.isSet }
                    }
                }
                group.addTask { await watch { isEnding.isSet } }
            }
        } onGracefulShutdown: {
            isEnding.set()
        }
        logger.info("deliverer is down")
    }

    /// Shows what waits, says which channels nobody here serves, and deletes what is old.
    private func watch(until isEnding: @Sendable () -> Bool) async {
        let names = Set(channels.map(\.name))
        let metrics = Dictionary(uniqueKeysWithValues: names.map { ($0, DeliveryMetrics(channel: $0)) })
        var unknown: Set<String> = []
        var looked: ContinuousClock.Instant?
        var swept: ContinuousClock.Instant?
        while !isEnding(), !Task.isCancelled {
            let now = ContinuousClock.now
            if looked.map({ now - $0 >= Self.report }) ?? true {
                looked = now
                // An outage is told by those who fetch messages.
                if let waiting = try? await store.waitingMessages() {
                    for (name, series) in metrics {
                        series.note(waiting: waiting.first { $0.channel == name }?.count ?? 0)
                    }
                    let strange = Set(waiting.map(\.channel)).subtracting(names)
                    for name in strange.subtracting(unknown).sorted() {
                        logger.warning(
                            "messages wait for a channel that is not in this file",
                            metadata: ["channel": "\(HostileText.line(name, most: 60))"])
                    }
                    unknown = strange
                }
            }
            if swept.map({ now - $0 >= Self.sweep }) ?? true {
                swept = now
                _ = try? await store.forgetMessages(olderThanDays: settings.memoryDays)
            }
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    /// Sends a sample to a channel, once, and returns what came back.
    package static func test(_ channel: Channel, patience: Duration = DeliverySettings().patience) async -> SendOutcome
    {
        let sample = AlertMessage.sample(at: .now)
        guard let json = try? sample.json() else { return .refused("the sample cannot be written") }
        let message = OutboxMessage(
            id: 0, attempt: 1, key: sample.key, event: sample.event.rawValue,
            json: String(decoding: json, as: UTF8.self), age: .zero)
        return await Sender(patience: patience).send(message, to: channel)
    }
}

/// Set once, read by many.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}

extension AlertMessage {
    /// What `deliver --test` sends.
    static func sample(at now: Timestamp) -> Self {
        let start = Timestamp(seconds: now.seconds - 1800)
        return AlertMessage(
            event: .opened, anomaly: 0, monitor: "test", brand: "Test of this channel", platform: nil,
            metric: "mentions", windowSeconds: 300, kind: .spike, stage: .open, startedAt: start, endedAt: now,
            peakAt: start, peakValue: 40, value: 120, expected: 12, excess: 108, returnDays: 30, severity: 3.4,
            budgetDays: 3.5, posts: 120,
            drivers: [
                AlertDriver(
                    kind: "hashtag", key: "test", posts: 90, authors: 80, expected: 1, share: 0.8, score: 100)
            ],
            examples: [
                AlertExample(
                    postID: "test", author: "groundswell", createdAt: start,
                    text: "This message was sent by 'groundswell deliver --test': the channel works.", url: nil)
            ], detector: "test", revision: 1, foundAt: now, updatedAt: now)
    }
}
