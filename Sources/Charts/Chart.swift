/// A time series with what was expected of it and the incidents it had: what is drawn, not how.
///
/// Texts may come from strangers; canvases show them without control characters, cut to what fits.
package struct Chart: Equatable, Sendable {
    /// A time in which the series was not as expected.
    package struct Incident: Equatable, Sendable {
        /// Seconds since 1970; the end is not part of it.
        package var start: Int64
        package var end: Int64
        /// A number or word that stands above it.
        package var label: String
        /// A sentence below the chart.
        package var note: String
        /// Where labels collide, the heavier one stays.
        package var weight: Double

        package init(start: Int64, end: Int64, label: String, note: String = "", weight: Double = 0) {
            self.start = start
            self.end = end
            self.label = label
            self.note = note
            self.weight = weight
        }
    }

    package var title: String
    /// What a value counts: `mentions per hour`.
    package var unit: String
    /// Where the first window starts, in seconds since 1970.
    package var start: Int64
    /// Seconds from window to window.
    package var step: Int64
    /// A value for each window; `nil` and what is no number leave a gap.
    package var values: [Double?]
    /// What was expected of each window; fewer than values where nothing was expected any more.
    package var band: [ClosedRange<Double>?]
    /// How the legend calls the band.
    package var bandName: String
    package var incidents: [Incident]

    package init(
        title: String, unit: String, start: Int64, step: Int64, values: [Double?],
        band: [ClosedRange<Double>?] = [], bandName: String = "expected", incidents: [Incident] = []
    ) {
        precondition(step > 0, "windows of \(step) seconds")
        self.title = title
        self.unit = unit
        self.start = start
        self.step = step
        self.values = values
        self.band = band
        self.bandName = bandName
        self.incidents = incidents
    }

    /// Where the last window ends; a chart of nothing is one window long.
    package var end: Int64 { start + Int64(max(values.count, 1)) * step }
}

extension Chart {
    /// Beyond it differences of values would leave the numbers.
    private static let bound = 1e100

    /// The value as it can be drawn.
    static func drawable(_ value: Double?) -> Double? {
        guard let value, value.isFinite else { return nil }
        return min(max(value, -bound), bound)
    }

    /// The time that it covers.
    var span: String { "\(ChartTime.text(start)) – \(ChartTime.text(end)) UTC" }

    /// The chart in words, for those who do not see it.
    package var summary: String {
        var text = "\(unit), \(span)."
        let known = values.enumerated().compactMap { index, value in Self.drawable(value).map { (index, $0) } }
        if let most = known.max(by: { $0.1 < $1.1 }) {
            text +=
                " The greatest value is \(ValueTicks.text(most.1)) at \(ChartTime.moment(start + Int64(most.0) * step))."
        } else {
            text += " No data."
        }
        for incident in incidents.prefix(20) {
            text +=
                " Incident \(incident.label), \(ChartTime.moment(incident.start)) – \(ChartTime.moment(incident.end))"
            text += incident.note.isEmpty ? "." : ": \(incident.note)."
        }
        return text
    }
}
