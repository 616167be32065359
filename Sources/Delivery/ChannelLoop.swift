internal import Domain
internal import Logging
internal import Store
internal import Telemetry

/// Delivers the messages of one channel until cancelled; no other channel waits for it.
struct ChannelLoop {
    private let channel: Channel
    private let store: Store
    private let settings: DeliverySettings
    private let logger: Logger
    private let metrics: DeliveryMetrics
    private let sender: Sender
    private var health = ChannelHealth()
    /// A receiver that asked for a pause asked for it for all that it gets; not for longer than this, since others that
    /// wait may be for another end.
    private static let longestRest = Duration.seconds(60)

    init(_ channel: Channel, store: Store, settings: DeliverySettings, logger: Logger) {
        self.channel = channel
        self.store = store
        self.settings = settings
        self.logger = logger
        metrics = DeliveryMetrics(channel: channel.name)
        sender = Sender(patience: settings.patience)
    }

    mutating func run(until isEnding: @escaping @Sendable () -> Bool) async {
        var backoff = Backoff()
        while !isEnding(), !Task.isCancelled {
            do {
                let messages = try await store.claimMessages(
                    of: channel.name, most: settings.together, lease: settings.lease)
                backoff.reset()
                let rest = await deliver(messages)
                if let rest {
                    await sleep(rest, isEnding)
                } else if messages.isEmpty {
                    await sleep(settings.look, isEnding)
                }
            } catch {
                guard !isEnding(), !Task.isCancelled else { return }
                await backoff.wait(logger, "cannot fetch messages", error)
            }
        }
    }

    /// - Returns: how long the receiver asked us to leave it alone.
    private mutating func deliver(_ messages: [OutboxMessage]) async -> Duration? {
        guard !messages.isEmpty else { return nil }
        let (channel, sender) = (channel, sender)
        var longest: Duration?
        await withTaskGroup(of: (OutboxMessage, SendOutcome, Duration).self) { group in
            for message in messages {
                group.addTask {
                    let started = ContinuousClock.now
                    let outcome = await sender.send(message, to: channel)
                    return (message, outcome, ContinuousClock.now - started)
                }
            }
            for await (message, outcome, took) in group {
                if case .failed(_, let asked?) = outcome { longest = max(longest ?? .zero, asked) }
                await note(outcome, of: message, took: took)
            }
        }
        return longest.map { min($0, Self.longestRest) }
    }

    private mutating func note(_ outcome: SendOutcome, of message: OutboxMessage, took: Duration) async {
        switch health.note(works: outcome.isDelivered, at: .now) {
        case .lost:
            logger.warning(
                "a channel does not take messages; trying again",
                metadata: ["channel": "\(channel.name)", "error": "\(outcome.words)"])
        case .regained(let time):
            logger.info(
                "a channel takes messages again",
                metadata: ["channel": "\(channel.name)", "after": "\(time.components.seconds) s"])
        case nil: break
        }
        var random = SystemRandomNumberGenerator()
        let plan = RetryPlan(settings: settings)
        let pause: Duration? =
            switch outcome {
            case .delivered, .refused: nil
            case .failed(_, let asked):
                plan.pause(after: message.attempt, age: message.age, asked: asked, using: &random)
            }
        if outcome.isDelivered {
            metrics.countDelivered(took: took)
        } else {
            metrics.countFailure(isLast: pause == nil, took: took)
            if pause == nil {
                logger.error(
                    "a message is set aside; see 'groundswell deliveries --dead'",
                    metadata: [
                        "channel": "\(channel.name)", "delivery": "\(message.id)", "tries": "\(message.attempt)",
                        "error": "\(outcome.words)",
                    ])
            }
        }
        await write(outcome, of: message, pause: pause)
    }

    /// Notes it in PostgreSQL, and holds on while that is away: what is not noted is sent again.
    private func write(_ outcome: SendOutcome, of message: OutboxMessage, pause: Duration?) async {
        var backoff = Backoff()
        while true {
            do {
                if outcome.isDelivered {
                    try await store.noteDelivered(message)
                } else {
                    try await store.noteFailure(of: message, reason: outcome.words, pause: pause)
                }
                return
            } catch {
                guard !Task.isCancelled else { return }
                await backoff.wait(logger, "cannot note what became of a message", error)
            }
        }
    }

    /// In short pieces: a role that is told to end does not sleep on.
    private func sleep(_ time: Duration, _ isEnding: @Sendable () -> Bool) async {
        let end = ContinuousClock.now + time
        while !isEnding(), !Task.isCancelled, ContinuousClock.now < end {
            try? await Task.sleep(for: min(.milliseconds(250), end - .now))
        }
    }
}

extension SendOutcome {
    fileprivate var isDelivered: Bool { if case .delivered = self { true } else { false } }
}
