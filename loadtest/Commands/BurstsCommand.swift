import Anomalies
import ArgumentParser
import Foundation
import Neural
import Training

struct BurstsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bursts",
        abstract: "Inject bursts with known onsets into invented brands: what is found, how soon, and what it costs.",
        discussion: """
            Example: loadtest bursts
            Brands of several sizes, windows of five minutes to an hour. A burst multiplies the rate of its hour for two \
            hours (four where windows are hours), on the mean every fortnight. Without bursts a year is watched for \
            false alarms. What no detector could exceed is the likelihood-ratio test that knows all rates. Then the \
            scoring path is timed on one core.
            """)

    @Option(help: "How many alerts a series may raise.") var budget = "2 per week"
    @Option(help: "Brands per size and height.") var brands = 8
    @Option(help: "Folder of the forecaster's weights.") var model = "Models/anomaly"
    @Option(help: "Series that are timed.") var series = 10_000
    @Option(help: "Windows of each that are timed.") var windows = 300
    @Option(help: "Append the report to this file.") var record: String?

    func validate() throws {
        guard AlertBudget(budget) != nil else {
            throw ValidationError("--budget must read like '2 per week', not '\(budget)'.")
        }
        guard brands > 0, series > 0, windows > 0 else { throw ValidationError("Counts must be above 0.") }
    }

    func run() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: model).appendingPathComponent("model.safetensors"))
        let forecaster = try Forecaster(Safetensors(bytes: Array(data)))
        let budget = AlertBudget(budget) ?? .usual
        var report = Report()
        report.addMachine()
        var finest: [Double: Int64] = [:]
        for grain in Self.grains {
            let detector = Detector(SeriesMetric.mentions.profile(grain: grain), forecaster)
            for hourly in Self.sizes {
                for factor in [1.0, 2, 3, 5, 10] {
                    var trial = BurstTrial()
                    let brand = BurstTrace.Brand(
                        hourly: hourly, grain: grain, days: 365, factor: factor, daysBetween: 14,
                        burstSeconds: max(7200, 4 * grain))
                    for index in 0..<brands {
                        trial.run(
                            brand, seed: UInt64(index) << 32 | UInt64(hourly * 10 + factor), detector: detector,
                            budget: budget)
                    }
                    report.add("\(grain / 60) min, \(Int(hourly))/h, ×\(Int(factor))", Self.line(trial))
                    guard factor == 5 else { continue }
                    let bound = BurstBound(brand: brand, perWeek: budget.perDay * 7)
                    let soon = 100 * bound.recall(windows: 3)
                    let late = 100 * bound.recall(windows: Int(brand.burstSeconds / grain))
                    report.add(
                        "no detector could exceed",
                        String(format: "%.1f %% found, %.1f %% within two windows", late, soon))
                    let holds = trial.recall >= 0.95 && (trial.delay(quantile: 0.95) ?? .max) <= 2
                    if holds, finest[hourly] == nil { finest[hourly] = grain }
                }
            }
        }
        for hourly in Self.sizes {
            report.add(
                "\(Int(hourly))/h, ×5",
                finest[hourly].map { "95 % found, 95 % of them within two windows: from windows of \($0 / 60) min on" }
                    ?? "the marks hold at no window measured")
        }
        time(forecaster, &report)
        try report.publish(record: record)
    }

    private static let grains: [Int64] = [300, 600, 900, 1800, 3600]
    /// Mentions an hour.
    private static let sizes: [Double] = [6, 30, 60, 600, 6000]

    private static func line(_ trial: BurstTrial) -> String {
        let quiet = String(format: "%.2f false alarms a week", trial.falseAlarmsPerWeek)
        guard trial.bursts > 0 else { return quiet }
        return String(
            format:
                "%d bursts: %.1f %% found, %.1f %% within two windows, delay median %d, 95th percentile %d windows, "
                + "%d alerted twice; %@", trial.bursts, 100 * trial.recall, 100 * trial.recall(within: 2),
            trial.delay(quantile: 0.5) ?? -1, trial.delay(quantile: 0.95) ?? -1, trial.repeats, quiet)
    }

    /// Scores windows of many series, one window of all after the other, as a worker does.
    private func time(_ forecaster: Forecaster, _ report: inout Report) {
        let detector = Detector(SeriesMetric.mentions.profile(grain: 300), forecaster)
        var random = SplitMix(seed: 1)
        let values = (0..<windows).map { _ in
            (0..<series).map { Float(CountSampler.poisson(mean: Double($0 % 50), using: &random)) }
        }
        var states = [SeriesState](repeating: detector.start(), count: series)
        var loud = 0
        let started = threadNanoseconds()
        for (window, values) in values.enumerated() {
            let surprises = detector.advance(&states, start: Int64(window) * 300, values: values)
            loud += surprises.count { $0.logReturnDays > 0 }
        }
        let seconds = Double(threadNanoseconds() - started) / 1e9
        let points = Double(series * windows)
        report.add(
            "speed", points / seconds / 1e6, "million points/s on one core (\(loud) rarer than once a day)", places: 2)
        report.add(
            "10,000 series, a year by 5 min", 10_000 * 105_120 / (points / seconds) / 60,
            "core-minutes, extrapolated from \(series) series of \(windows) windows", places: 1)
        report.add(
            "state of a series",
            "\(detector.start().bytes.count) bytes stored, \(MemoryLayout<SeriesState>.size) in memory")
    }
}
