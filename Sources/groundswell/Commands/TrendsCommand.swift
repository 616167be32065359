import ArgumentParser
import Domain
import Store
import Worker

struct TrendsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trends",
        abstract: "Show trends: posts, authors and sentiment of each brand over time.",
        discussion: """
            Example: groundswell trends --by hour --brand acme --from 2026-11-01 --until 2026-11-08
            Example: groundswell trends --by hour --chart
            Example: groundswell trends --corrected --brand acme --from 2026-11-01
            """)

    enum Group: String, ExpressibleByArgument, CaseIterable {
        case platform
        case language
    }

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Window: minute, hour or day.") var by = Grain.day
    @Option(help: "Only this brand; may be given again.") var brand: [String] = []
    @Option(help: "Only brands of this monitor.") var monitor: String?
    @Option(help: "Divide further by platform or language.") var group: Group?
    @Option(help: "Windows from this moment: a date, or RFC 3339.") var from: Moment?
    @Option(help: "Windows before this moment.") var until: Moment?
    @Option(help: "Rows at most.") var limit = 10_000
    @Flag(help: "Draw charts for the terminal instead of a table.") var chart = false
    @Flag(
        help: """
            Sentiment shares over the whole time, corrected by labels drawn at random ('groundswell label --sample random'), \
            with 95 % intervals.
            """)
    var corrected = false

    func validate() throws {
        guard (1...10_000_000).contains(limit) else {
            throw ValidationError("--limit must be 1…10000000, not \(limit).")
        }
        if chart && group != nil { throw ValidationError("--chart draws brands only: leave out --group.") }
        if corrected && (chart || group != nil) {
            throw ValidationError("--corrected is a table of brands: leave out --chart and --group.")
        }
    }

    func run() async throws {
        let settings = try await Settings(connection)
        let store = try await Store.open(settings.postgresURL(), application: "groundswell trends")
        if corrected { return try await showCorrected(store, ModelShelf(folder: settings.modelsFolder())) }
        var query = TrendQuery()
        query.monitor = monitor
        query.brands = brand
        query.grain = by
        query.from = from?.timestamp
        query.until = until?.timestamp
        query.grouping = group == .platform ? .platform : group == .language ? .language : .none
        query.limit = limit
        let rows = try await store.trendRows(query)
        let trends = TrendTable(rows: rows, grain: by, group: group?.rawValue)
        if chart { Terminal.write(trends.chart(width: 72)) } else { output.show(trends.table) }
        if rows.isEmpty { Terminal.say("no trends here: 'groundswell status' shows the jobs") }
        if rows.count == limit { Terminal.say("only the first \(limit) rows are shown; --limit gives more") }
    }

    private func showCorrected(_ store: Store, _ models: ModelShelf) async throws {
        let labelled = Set(try await store.labels().filter { $0.sampleWeight != nil }.map(\.brand))
        for name in labelled.sorted() where brand.isEmpty || brand.contains(name) {
            try await AnswerKeeper(store: store, models: models).complete(name)
        }
        let rows = try await store.correctedShares(
            brands: brand, monitor: monitor, from: from?.timestamp, until: until?.timestamp)
        output.show(
            Table(
                ["monitor", "brand", "model", "class", "scored", "labels", "raw", "corrected", "95% from", "to"],
                rows: rows.map { row in
                    [.text(row.monitor), .text(row.brand), .text(row.modelVersion), .text(row.label.name)]
                        + [.integer(row.scored), .integer(row.labels)]
                        + [row.rawShare, row.share, row.low, row.high].map { .decimal($0 * 100, places: 1) }
                }))
        if rows.isEmpty {
            Terminal.say(
                "no labels drawn at random here: 'groundswell label --sample random --brand …' draws posts to label")
        }
    }
}
