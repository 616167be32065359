import Anomalies
import ArgumentParser
import Charts
import Domain
import Foundation
import Store

/// `groundswell plot`: a series with what was expected of it and its anomalies.
struct PlotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draw a brand's series with what was expected and its anomalies: in the terminal, as SVG or as PNG.",
        discussion: """
            Example: groundswell plot --brand acme --since 2026-11-01
            Example: groundswell plot --brand acme --metric net_sentiment --window day --out acme.png
            Example: groundswell plot --anomaly 12 --out 12.svg
            The band is what the detector expected of each window from those before it; it begins after two days.
            """)

    enum Window: String, ExpressibleByArgument, CaseIterable {
        case fiveMinutes = "5m"
        case quarter = "15m"
        case hour
        case day

        var seconds: Int64 {
            switch self {
            case .fiveMinutes: 300
            case .quarter: 900
            case .hour: 3600
            case .day: 86_400
            }
        }
    }

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "The monitor, where several have the brand.") var monitor: String?
    @Option(help: "The brand.") var brand: String?
    @Option(help: "What of it.") var metric: SeriesMetric?
    @Option(help: "Only posts of this platform.") var platform: Platform?
    @Option(help: "Length of a window; that of the brand's anomalies, else an hour, when not given.") var window:
        Window?
    @Option(help: "From this moment: a date, or RFC 3339.") var since: Moment?
    @Option(help: "Before this moment.") var until: Moment?
    @Option(help: "The series and time of this anomaly.") var anomaly: Int64?
    @Option(help: "Write to this file, .svg or .png, instead of the terminal.", completion: .file()) var out: String?
    @Option(help: "Columns of the terminal, or points of a picture.") var width: Int?
    @Option(help: "Rows of the terminal, or points of a picture.") var height: Int?

    func validate() throws {
        guard (brand == nil) != (anomaly == nil) else { throw ValidationError("Give --brand or --anomaly.") }
        if anomaly != nil, monitor != nil || metric != nil || platform != nil || window != nil {
            throw ValidationError(
                "--anomaly says which series: leave out --monitor, --metric, --platform and --window.")
        }
        if let out, !out.hasSuffix(".svg"), !out.hasSuffix(".png") {
            throw ValidationError("--out must end in .svg or .png, not '\(out)'.")
        }
        // Beyond it a picture takes a gigabyte.
        let sides = out == nil ? (width: 30...1000, height: 10...300) : (width: 200...5000, height: 100...5000)
        if let width, !sides.width.contains(width) {
            throw ValidationError("--width must be \(sides.width.lowerBound)…\(sides.width.upperBound), not \(width).")
        }
        if let height, !sides.height.contains(height) {
            throw ValidationError(
                "--height must be \(sides.height.lowerBound)…\(sides.height.upperBound), not \(height).")
        }
    }

    func run() async throws {
        let settings = try await Settings(connection)
        let store = try await Store.open(settings.postgresURL(), application: "groundswell plot")
        let model = try AnomalyModel(folder: "\(settings.modelsFolder())/anomaly")
        let plot = try await plot(store)
        let chart = try await plot.chart(store, model.forecaster)
        guard !chart.values.isEmpty else {
            throw CommandError(
                "nothing was counted of '\(plot.brand)' there: 'groundswell trends --brand \(plot.brand)' shows when there was"
            )
        }
        try show(chart)
    }

    private func show(_ chart: Chart) throws {
        guard let out else {
            return Terminal.write(
                chart.terminal(
                    columns: width ?? Terminal.columns, rows: height ?? 20, isColoured: Terminal.takesColours))
        }
        let (width, height) = (width ?? 960, height ?? 400)
        let data =
            out.hasSuffix(".svg")
            ? Data(chart.svg(width: width, height: height).utf8) : Data(chart.png(width: width, height: height))
        do {
            try data.write(to: URL(fileURLWithPath: out))
        } catch {
            throw CommandError("cannot write \(out): \(error.localizedDescription)")
        }
    }

    private func plot(_ store: Store) async throws -> SeriesPlot {
        if let anomaly {
            var plot = try SeriesPlot(around: try await store.anomaly(anomaly))
            plot.since = since?.timestamp ?? plot.since
            plot.until = until?.timestamp ?? plot.until
            return plot
        }
        let known = try await BrandChoice(store).brand(monitor: monitor, brand: brand ?? "")
        var seconds = window?.seconds
        if seconds == nil {
            var query = AnomalyFilter()
            query.monitor = known.monitor
            query.brand = known.brand
            query.limit = 1
            seconds = try await store.anomalies(query).first?.seconds
        }
        return SeriesPlot(
            monitor: known.monitor, brand: known.brand, platform: platform, metric: metric ?? .mentions,
            seconds: seconds ?? 3600, since: since?.timestamp, until: until?.timestamp)
    }
}

extension Platform: ExpressibleByArgument {
    package init?(argument: String) { self.init(name: argument) }
    package static var allValueStrings: [String] { allCases.map(\.name) }
    package var defaultValueDescription: String { name }
}
