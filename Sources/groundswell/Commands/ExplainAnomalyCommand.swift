import Anomalies
import ArgumentParser
import Charts
import Store

/// `groundswell explain anomaly`: one anomaly on a page.
struct ExplainAnomalyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anomaly",
        abstract: "Tell what happened in an anomaly, what drove it and how rare it is.",
        discussion: """
            Example: groundswell explain anomaly 12
            Example: groundswell explain anomaly 12 --output json
            'groundswell anomalies' shows the numbers; 'groundswell plot --anomaly 12 --out 12.svg' draws a picture.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Number of the anomaly.") var number: Int64

    func validate() throws {
        if output.output == .csv || output.output == .tsv {
            throw ValidationError("--output must be table or json: a page has no rows.")
        }
    }

    func run() async throws {
        let settings = try await Settings(connection)
        let store = try await Store.open(settings.postgresURL(), application: "groundswell explain")
        let anomaly = try await store.anomaly(number)
        if output.format == .json {
            return Terminal.write(String(decoding: try anomaly.json(), as: UTF8.self) + "\n")
        }
        let model = try? AnomalyModel(folder: "\(settings.modelsFolder())/anomaly")
        let chart = try await SeriesPlot(around: anomaly).chart(store, model?.forecaster)
        let page = AnomalyPage(anomaly: anomaly, chart: chart)
        Terminal.write(page.text(columns: Terminal.columns, isColoured: Terminal.takesColours))
    }
}

extension TrendStore {
    /// - Throws: when there is none of that number.
    func anomaly(_ number: Int64) async throws -> AlertMessage {
        var query = AnomalyFilter()
        query.id = number
        guard let anomaly = try await anomalies(query).first?.message else {
            throw CommandError("no anomaly \(number): 'groundswell anomalies' shows those there are")
        }
        return anomaly
    }
}
