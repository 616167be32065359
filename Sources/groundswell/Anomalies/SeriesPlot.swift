import Anomalies
import Charts
import Domain
import Monitors
import Store

/// What to plot: a series of a brand, and which part of it.
struct SeriesPlot {
    var monitor: String
    var brand: String
    var platform: Platform?
    var metric: SeriesMetric
    /// Length of a window.
    var seconds: Int64
    var since: Timestamp?
    var until: Timestamp?

    /// The series around an anomaly: twice as long before it as it took, three days at least for the night and the day.
    init(around anomaly: AlertMessage) throws {
        guard let metric = anomaly.seriesMetric else {
            throw CommandError(
                "anomaly \(anomaly.anomaly) is of the metric '\(anomaly.metric)', which this version has not")
        }
        let length = anomaly.end.seconds - anomaly.startedAt.seconds
        let window = Int64(anomaly.windowSeconds)
        self.init(
            monitor: anomaly.monitor, brand: anomaly.brand, platform: anomaly.platform.flatMap { Platform(name: $0) },
            metric: metric, seconds: window,
            since: Timestamp(seconds: anomaly.startedAt.seconds - max(2 * length, 3 * 86_400, 12 * window)),
            until: Timestamp(seconds: anomaly.end.seconds + max(length, 86_400 / 2, 6 * window)))
    }

    init(
        monitor: String, brand: String, platform: Platform?, metric: SeriesMetric, seconds: Int64, since: Timestamp?,
        until: Timestamp?
    ) {
        self.monitor = monitor
        self.brand = brand
        self.platform = platform
        self.metric = metric
        self.seconds = seconds
        self.since = since
        self.until = until
    }

    /// - Parameter forecaster: without it the band is that of the seasonal baseline alone.
    func chart(_ store: Store, _ forecaster: Forecaster?) async throws -> Chart {
        // From the first window, as the detector went; it cannot know what it has not seen.
        let windows = try await store.windows(
            monitor: monitor, brand: brand, platform: platform, seconds: seconds, until: until)
        var query = AnomalyFilter()
        query.monitor = monitor
        query.brand = brand
        query.metric = metric
        query.since = since
        query.until = until
        query.limit = 1000
        let anomalies = try await store.anomalies(query).map(\.message).filter {
            $0.platform == platform?.name && $0.stage != .withdrawn
        }
        return chart(ExpectedSeries(windows, metric, seconds: seconds, forecaster), anomalies)
    }

    func chart(_ series: ExpectedSeries, _ anomalies: [AlertMessage]) -> Chart {
        let series = series.cut(since: since?.seconds, until: until?.seconds)
        let place = platform.map { " on \($0.name)" } ?? ""
        let name = metric.name.replacing("_", with: " ")
        let isCount = metric.profile(grain: seconds).kind == .count
        return Chart(
            title: "\(brand): \(name)\(place)", unit: (isCount ? "\(name) per " : "\(name) by ") + Self.name(seconds),
            start: series.start, step: seconds, values: series.values, band: series.band,
            bandName: "expected, ± \(Int(ExpectedSeries.deviations)) deviations",
            incidents: anomalies.sorted { $0.startedAt < $1.startedAt }.map { anomaly in
                Chart.Incident(
                    start: anomaly.startedAt.seconds, end: anomaly.end.seconds, label: "\(anomaly.anomaly)",
                    note: anomaly.note, weight: anomaly.severity)
            })
    }

    private static func name(_ seconds: Int64) -> String {
        switch seconds {
        case 60: "minute"
        case 3600: "hour"
        case 86_400: "day"
        case _ where seconds % 3600 == 0: "\(seconds / 3600) hours"
        default: "\(seconds / 60) minutes"
        }
    }
}
