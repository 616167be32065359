import Anomalies
import ArgumentParser
import Domain

/// `groundswell evaluate nab`: the detector on the Numenta Anomaly Benchmark.
struct EvaluateNabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nab",
        abstract: "Score the series of the Numenta Anomaly Benchmark and write its result files.",
        discussion: """
            Example: groundswell evaluate nab DIR --out results
            DIR holds CATEGORY/NAME.csv[.gz] with 'timestamp,value', itself or in its subfolder 'data'. Each row is scored \
            from the rows before it alone. A score is ln(1 + return period in days) where an alert opened or grew at this \
            budget, and 0 elsewhere; the threshold that is printed follows from the budget and was fitted to no label. \
            Mentions (realTweets) are watched for rises, all else in both directions.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Folder for the result files, CATEGORY/NAME.csv; made when missing.") var out: String?
    @Option(help: "How many alerts a series may raise.") var budget = "0.3 per day"
    @Option(help: "Folder of the forecaster's weights; the shipped one when not given.") var model: String?
    @Argument(help: "Folder of series.", completion: .directory) var folder: String

    func validate() throws {
        guard AlertBudget(budget) != nil else {
            throw ValidationError("--budget must read like '2 per week', not '\(budget)'.")
        }
    }

    func run() async throws {
        let shelf = try await Settings(connection).modelsFolder()
        let model = try AnomalyModel(folder: self.model ?? "\(shelf)/anomaly")
        let dial = AlertBudget(budget) ?? .usual
        let threshold = dial.severity
        var table = Table(["series", "rows", "grain", "alerts", "per day"])
        for series in try NabFolder(path: folder).series() {
            let scores = NabScores(series, model.forecaster, budget: dial)
            if let out { try scores.write(series, below: out) }
            let days = Double(series.rows.count) * Double(scores.grain) / 86_400
            let alerts = scores.alerts(threshold)
            table.add([
                .text(series.key), .count(series.rows.count), .integer(scores.grain), .count(alerts),
                .decimal(Double(alerts) / days, places: 2),
            ])
        }
        output.show(table)
        Terminal.say("model \(model.version); \(budget) is a threshold of \(threshold)")
    }
}
