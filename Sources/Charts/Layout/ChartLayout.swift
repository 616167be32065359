/// Where everything of a chart stands on a canvas: the one layout that every canvas draws.
struct ChartLayout: Equatable, Sendable {
    struct Tick: Equatable, Sendable {
        var place: Double
        var label: String
    }

    struct Shade: Equatable, Sendable {
        var box: Box
        var label: String
        /// Where the label stands; `nil` where a heavier one needs the place.
        var labelPlace: Double?
    }

    let metrics: CanvasMetrics
    /// Where values are drawn, and nothing else but ticks' grid and incidents.
    let plot: Box
    /// Places from left to right, and from the bottom up.
    let timeTicks: [Tick]
    let valueTicks: [Tick]
    /// The series, in as many parts as gaps make of it.
    let lines: [[Point]]
    let strips: [[StripColumn]]
    let shades: [Shade]
    let heading: Heading
    let notes: [String]

    init(_ chart: Chart, on canvas: some Canvas) {
        let metrics = canvas.metrics
        let heading = Heading(chart, on: canvas)
        let notes = Self.notes(chart, metrics)
        let foot = metrics.axis * 2 + metrics.tick + metrics.row * (notes.isEmpty ? 1 : Double(notes.count) + 1.4)
        let top = metrics.margin + heading.height + metrics.row
        let bottom = max(metrics.height - metrics.margin - foot.rounded(.up), top + metrics.column)
        let ticks = ValueTicks(
            covering: Self.range(chart), count: min(max(Int((bottom - top) / (1.6 * metrics.row)) + 1, 2), 8))
        let labels = ticks.values.map(ValueTicks.text)
        let aside = (labels.map { canvas.width(of: $0, .plain) }.max() ?? 0) + metrics.gap / 2 + 2 * metrics.axis
        let left = (metrics.margin + aside + (metrics.axis > 0 ? 0 : metrics.tick)).rounded(.up)
        let right = max(metrics.width - metrics.margin, left + metrics.column)
        plot = Box(left: left, top: top, right: right, bottom: bottom)
        self.metrics = metrics
        self.heading = heading
        self.notes = notes

        let area = Box(
            left: left, top: top, right: max(right - metrics.dot.x, left), bottom: max(bottom - metrics.dot.y, top))
        let frame = Frame(area: area, chart: chart, low: ticks.values[0], high: ticks.values[ticks.values.count - 1])
        valueTicks = zip(ticks.values, labels).map { Tick(place: frame.y($0), label: $1) }
        timeTicks = Self.timeTicks(chart, frame, canvas)
        lines = frame.lines(column: metrics.column)
        strips = frame.strips(column: metrics.column)
        shades = frame.shades(plot, metrics) { canvas.width(of: $0, .label) }
    }

    /// Counts stand on zero; what falls below it reaches as far as it does.
    private static func range(_ chart: Chart) -> ClosedRange<Double> {
        var (low, high) = (0.0, 0.0)
        for value in chart.values {
            guard let value = Chart.drawable(value) else { continue }
            low = min(low, value)
            high = max(high, value)
        }
        for band in chart.band.prefix(chart.values.count) {
            guard let band, let bottom = Chart.drawable(band.lowerBound), let top = Chart.drawable(band.upperBound)
            else { continue }
            low = min(low, bottom)
            high = max(high, top)
        }
        return low...high
    }

    /// Incidents in words, the gravest ones, as many as leave the plot two thirds of the height.
    private static func notes(_ chart: Chart, _ metrics: CanvasMetrics) -> [String] {
        let all = chart.incidents.filter { !$0.note.isEmpty && $0.end > chart.start && $0.start < chart.end }
        let room = max(Int(metrics.height / 3 / metrics.row) - 1, 0)
        guard all.count > room else { return all.map(line) }
        guard room > 0 else { return [] }
        let gravest = all.enumerated().sorted { ($0.element.weight, $1.offset) > ($1.element.weight, $0.offset) }
        let shown = gravest.prefix(room - 1).sorted { $0.offset < $1.offset }.map { line($0.element) }
        return shown + ["and \(all.count - shown.count) more"]
    }

    private static func line(_ incident: Chart.Incident) -> String {
        "\(incident.label)  \(ChartTime.moment(incident.start))  \(incident.note)"
    }

    private static func timeTicks(_ chart: Chart, _ frame: Frame, _ canvas: some Canvas) -> [Tick] {
        // Room for the longest label that there is, and as much again.
        let count = Int(frame.area.width / (2 * canvas.width(of: "23 Nov", .plain))) + 1
        var taken = -Double.infinity
        var result: [Tick] = []
        for tick in TimeTicks(from: chart.start, to: chart.end, count: max(count, 2)).ticks {
            let half = canvas.width(of: tick.label, .plain) / 2
            let place = frame.x(Double(tick.moment))
            guard place - half > taken, place + half <= canvas.metrics.width, place - half >= 0 else { continue }
            taken = place + half + canvas.metrics.gap / 2
            result.append(Tick(place: place, label: tick.label))
        }
        return result
    }
}
