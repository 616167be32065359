internal import CoreMetrics
internal import Synchronization

/// How long something took, counted in fixed steps, in seconds.
final class HistogramSeries: TimerHandler, RecorderHandler, MetricSeries {
    static let kind = MetricKind.histogram

    /// From a round trip to the longest patience, in seconds.
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    private struct State {
        /// One for each bound and one for all above.
        var counts = [Int](repeating: 0, count: HistogramSeries.bounds.count + 1)
        var sum = 0.0
    }

    private let state = Mutex(State())

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let step = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.counts[step] += 1
            state.sum += value
        }
    }

    func write(_ name: String, _ labels: String, into text: inout PrometheusText) {
        let state = state.withLock { $0 }
        var below = 0
        for (bound, count) in zip(Self.bounds.map(PrometheusText.number) + ["+Inf"], state.counts) {
            below += count
            let bucket = labels.isEmpty ? "le=\"\(bound)\"" : "\(labels),le=\"\(bound)\""
            text.add("\(name)_bucket", bucket, "\(below)")
        }
        text.add("\(name)_sum", labels, PrometheusText.number(state.sum))
        text.add("\(name)_count", labels, "\(below)")
    }
}
