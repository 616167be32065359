import ArgumentParser
import Delivery
import Domain
import Foundation
import Logging
import Store

struct DeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver",
        abstract: "Run a deliverer: tell webhooks, chat channels and mailboxes of anomalies.",
        discussion: """
            Example: groundswell deliver --channels channels.yaml --postgres postgres://db/groundswell
            Example: groundswell deliver --channels channels.yaml --test ops
            """)

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "Channels file (YAML): who is told, and how.", completion: .file()) var channels: String
    @Option(help: ArgumentHelp("Only send a sample to this channel and show what came back.", valueName: "channel"))
    var test: String?

    func run() async throws {
        let channels = try ChannelsFile.read(channels).channels
        if let test { return try await send(to: test, among: channels) }
        let settings = try await Settings(connection)
        let runner = try RoleRunner("deliver", settings: settings)
        let store = try await Store.open(
            settings.postgresURL(), application: "groundswell deliver", logger: runner.logger)
        let service = DeliveryService(channels: channels, store: store, logger: runner.logger)
        try await runner.run(service) { (try? await store.ping()) != nil }
    }

    private func send(to name: String, among channels: [Channel]) async throws {
        guard let channel = channels.first(where: { $0.name == name }) else {
            throw CommandError(
                "there is no channel '\(name)' in the file; there are \(channels.map(\.name).joined(separator: ", "))")
        }
        let outcome = await DeliveryService.test(channel)
        guard case .delivered = outcome else { throw CommandError("\(name): \(outcome.words)") }
        Terminal.say("\(name): delivered; \(outcome.words)")
    }
}

struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "Show messages about anomalies: delivered, waiting, set aside; and retry them.",
        discussion: "Example: groundswell deliveries --dead; groundswell deliveries retry 7 12",
        subcommands: [DeliveriesList.self, DeliveriesRetry.self], defaultSubcommand: DeliveriesList.self)
}

struct DeliveriesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List messages, newest first.",
        discussion: "Example: groundswell deliveries list --channel ops --output json")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Only those set aside.") var dead = false
    @Flag(help: "Only those not yet delivered.") var waiting = false
    @Option(help: "Only those of this channel.") var channel: String?
    @Option(help: "At most so many.") var limit = 100

    func validate() throws {
        guard !(dead && waiting) else { throw ValidationError("--dead or --waiting, not both.") }
        guard (1...1_000_000).contains(limit) else {
            throw ValidationError("--limit must be 1…1000000, not \(limit).")
        }
    }

    func run() async throws {
        let store = try await Store.open(Settings(connection).postgresURL(), application: "groundswell deliveries")
        let deliveries = try await store.deliveries(
            state: dead ? .dead : waiting ? .waiting : nil, channel: channel, limit: limit)
        var table = Table([
            "id", "channel", "brand", "anomaly", "revision", "event", "state", "since", "tries", "next try", "error",
        ])
        for delivery in deliveries {
            table.add([
                .integer(delivery.id), .text(delivery.channel), .text(delivery.brand), .integer(delivery.anomaly),
                .count(delivery.revision), .text(delivery.event), .text(delivery.state.rawValue),
                .text("\(delivery.createdAt)"), .count(delivery.attempts),
                delivery.nextTry.map { .text("\($0)") } ?? .missing, delivery.lastError.map { .text($0) } ?? .missing,
            ])
        }
        output.show(table)
        if deliveries.isEmpty { Terminal.say(dead ? "nothing was set aside" : "there are no messages") }
    }
}

struct DeliveriesRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Give messages that were set aside a new life.",
        discussion: "Example: groundswell deliveries retry 7 12; groundswell deliveries retry --channel ops")

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "All of this channel that were set aside.") var channel: String?
    @Argument(help: "Numbers of messages, as the list shows them.") var ids: [Int64] = []

    func validate() throws {
        guard ids.isEmpty != (channel == nil) else {
            throw ValidationError("Name messages by number, or all of a channel with --channel.")
        }
    }

    func run() async throws {
        let store = try await Store.open(Settings(connection).postgresURL(), application: "groundswell deliveries")
        let count = try await store.retryDeliveries(ids: ids.isEmpty ? nil : ids, channel: channel)
        guard count > 0 else {
            throw CommandError("no such message was set aside; 'groundswell deliveries --dead' shows those that were")
        }
        Terminal.say("\(count) \(count == 1 ? "message is" : "messages are") sent again")
    }
}
