import Anomalies
import Charts
import Store

/// A series with what the detector expected of each window.
///
/// Nothing of it is stored: the detector is deterministic, so going through the windows again gives the same band.
struct ExpectedSeries {
    private(set) var start: Int64 = 0
    let step: Int64
    private(set) var values: [Double?] = []
    private(set) var band: [ClosedRange<Double>?] = []

    /// How many deviations the band reaches to both sides: about what one window in twenty leaves.
    static let deviations: Float = 2
    /// - Parameter windows: from the first one on, in order; one that is left out holds no posts.
    init(
        _ windows: [(start: Int64, totals: WindowTotals)], _ metric: SeriesMetric, seconds: Int64,
        _ forecaster: Forecaster?
    ) {
        step = seconds
        guard let first = windows.first?.start, let last = windows.last?.start else { return }
        start = first
        let profile = metric.profile(grain: seconds)
        let detector = Detector(profile, forecaster)
        var state = detector.start()
        var heard = first
        var rest = windows[...]
        for window in stride(from: first, through: last, by: Int(seconds)) {
            var totals = WindowTotals()
            if rest.first?.start == window {
                totals = rest.removeFirst().totals
                if totals.posts > 0 { heard = window }
            }
            let value = metric.value(of: totals)
            values.append(value.map { Double($0) })
            var expected: ClosedRange<Double>?
            if let value, window - heard < BrandWatch.patience {
                expected = Self.band(detector.advance(&state, start: window, value: value), profile.kind)
            }
            band.append(expected)
        }
    }

    /// `nil` while the series is too young to tell.
    private static func band(_ surprise: Surprise, _ kind: SeriesProfile.Kind) -> ClosedRange<Double>? {
        guard surprise.logReturnDays > -.infinity, surprise.expected.isFinite, surprise.deviation.isFinite else {
            return nil
        }
        let reach = deviations * surprise.deviation
        let low = kind == .count ? max(surprise.expected - reach, 0) : surprise.expected - reach
        return Double(low)...Double(max(surprise.expected + reach, low))
    }

    /// The windows that start in `[since, until)`.
    func cut(since: Int64?, until: Int64?) -> Self {
        let count = Int64(values.count)
        let from = since.map { min(max(($0 - start + step - 1) / step, 0), count) } ?? 0
        let to = until.map { min(max(($0 - start + step - 1) / step, from), count) } ?? count
        var part = self
        part.start = start + from * step
        part.values = Array(values[Int(from)..<Int(to)])
        part.band = Array(band[Int(from)..<Int(to)])
        return part
    }
}
