package import CoreMetrics
internal import Synchronization

/// Keeps this process's metrics and writes them as the text that Prometheus reads.
///
/// The backend of swift-metrics: counters, gauges and histograms live here as long as the process.
package final class MetricRegistry: MetricsFactory, Sendable {
    /// Different label values of one metric; lanes and error classes need a handful.
    ///
    /// A label without bound must not fill the memory: what comes later is counted nowhere.
    package static let seriesLimit = 32

    /// Series of one metric by their written labels.
    struct Family {
        let kind: MetricKind
        var series: [String: any MetricSeries] = [:]
    }

    private let families = Mutex<[String: Family]>([:])
    private let help: [String: String]

    /// - Parameter help: one sentence for each metric by its name.
    package init(help: [String: String] = [:]) { self.help = help }

    /// Everything known now, sorted by name and labels.
    package func prometheusText() -> String {
        var text = PrometheusText()
        for (name, family) in families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            text.begin(name, family.kind, help: help[name])
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name, labels, into: &text)
            }
        }
        return text.text
    }

    /// The series of that name and labels, made when missing; `nil` when there are too many or it is of another kind.
    private func series<Series: MetricSeries>(
        _ label: String, _ dimensions: [(String, String)], make: () -> Series
    ) -> Series? {
        let name = PrometheusText.name(label)
        let labels = PrometheusText.labels(dimensions)
        return families.withLock { families in
            var family = families[name] ?? Family(kind: Series.kind)
            if let known = family.series[labels] { return known as? Series }
            guard family.kind == Series.kind, family.series.count < Self.seriesLimit else { return nil }
            let fresh = make()
            family.series[labels] = fresh
            families[name] = family
            return fresh
        }
    }

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions) { CounterSeries() } ?? NOOPMetricsHandler.instance
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions) { GaugeSeries() } ?? NOOPMetricsHandler.instance
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return series(label, dimensions) { HistogramSeries() } ?? NOOPMetricsHandler.instance }
        return series(label, dimensions) { GaugeSeries() } ?? NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions) { HistogramSeries() } ?? NOOPMetricsHandler.instance
    }

    // A counter that vanished would look like a restart of the process: nothing is forgotten.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}

/// What Prometheus calls the type of a metric.
enum MetricKind: String {
    case counter
    case gauge
    case histogram
}

/// One metric with one set of labels.
protocol MetricSeries: AnyObject, Sendable {
    static var kind: MetricKind { get }
    func write(_ name: String, _ labels: String, into text: inout PrometheusText)
}
