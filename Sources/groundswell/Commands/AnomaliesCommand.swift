import Anomalies
import ArgumentParser
import Store

/// `groundswell anomalies`: what departed from the ordinary.
struct AnomaliesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anomalies",
        abstract: "Show anomalies: when a brand departed from what its history leads to expect, and what drove it.",
        discussion: """
            Example: groundswell anomalies --brand acme --since 2026-11-01
            Example: groundswell anomalies --open --kind crisis --output json
            The newest come first. Counts are sums over the whole episode, of a share and of net sentiment it is the mean. \
            'groundswell explain anomaly NUMBER' tells more of one.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Only of this monitor.") var monitor: String?
    @Option(help: "Only of this brand.") var brand: String?
    @Option(help: "Only of this metric.") var metric: SeriesMetric?
    @Option(help: "spike, crisis or mood.") var kind: AlertMessage.Kind?
    @Option(help: "Only what was not over before this moment: a date, or RFC 3339.") var since: Moment?
    @Option(help: "Only what began before this moment.") var until: Moment?
    @Flag(help: "Only what is not over.") var open = false
    @Option(help: "Rows at most.") var limit = 100

    func validate() throws {
        guard (1...1_000_000).contains(limit) else {
            throw ValidationError("--limit must be 1…1000000, not \(limit).")
        }
    }

    func run() async throws {
        let settings = try await Settings(connection)
        let store = try await Store.open(settings.postgresURL(), application: "groundswell anomalies")
        var query = AnomalyFilter()
        query.monitor = monitor
        query.brand = brand
        query.metric = metric
        query.kind = kind
        query.since = since?.timestamp
        query.until = until?.timestamp
        query.isOpen = open
        query.limit = limit
        let anomalies = try await store.anomalies(query).map(\.message)
        if anomalies.isEmpty { _ = try await BrandChoice(store).brands(monitor: monitor, brand: brand) }
        output.show(AnomalyTable(anomalies: anomalies).table)
        if anomalies.isEmpty {
            Terminal.say(
                "no anomalies here; those of brands are found whose monitor file has 'alerts:' ('groundswell status' shows the jobs)"
            )
        }
        if anomalies.count == limit {
            Terminal.say("only the newest \(limit == 1 ? "is" : "\(limit) are") shown; --limit gives more")
        }
    }
}

extension SeriesMetric: ExpressibleByArgument {
    package init?(argument: String) { self.init(name: argument) }
    package static var allValueStrings: [String] { allCases.map(\.name) }
    package var defaultValueDescription: String { name }
}

extension AlertMessage.Kind: ExpressibleByArgument {
    package init?(argument: String) { self.init(rawValue: argument) }
    package static var allValueStrings: [String] { allCases.map(\.rawValue) }
    package var defaultValueDescription: String { rawValue }
}
