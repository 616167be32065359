/// Brings times and values to their places in the plot.
struct Frame {
    /// Where values may lie: the plot without what its last dots take.
    let area: Box
    let chart: Chart
    let low: Double
    let high: Double

    func x(_ second: Double) -> Double {
        let share = (second - Double(chart.start)) / Double(chart.end - chart.start)
        return min(max(area.left + share * area.width, area.left), area.right)
    }

    func y(_ value: Double) -> Double {
        let share = (value - low) / (high - low)
        return min(max(area.bottom - share * area.height, area.top), area.bottom)
    }

    /// A window stands in its middle.
    private func x(window: Int) -> Double {
        area.left + (Double(window) + 0.5) / Double(max(chart.values.count, 1)) * area.width
    }

    func lines(column: Double) -> [[Point]] {
        var lines: [[Point]] = []
        var line: [Point] = []
        func end() {
            if !line.isEmpty { lines.append(Thinning.thinned(line, column: column)) }
            line = []
        }
        for (index, value) in chart.values.enumerated() {
            if let value = Chart.drawable(value) {
                line.append(Point(x: x(window: index), y: y(value)))
            } else {
                end()
            }
        }
        end()
        return lines
    }

    func strips(column: Double) -> [[StripColumn]] {
        var strips: [[StripColumn]] = []
        var strip: [StripColumn] = []
        func end() {
            if !strip.isEmpty { strips.append(Thinning.thinned(strip, column: column)) }
            strip = []
        }
        for (index, band) in chart.band.prefix(chart.values.count).enumerated() {
            if let low = Chart.drawable(band?.lowerBound), let high = Chart.drawable(band?.upperBound) {
                strip.append(StripColumn(x: x(window: index), top: y(high), bottom: y(low)))
            } else {
                end()
            }
        }
        end()
        return strips
    }

    /// - Parameter width: of a label.
    func shades(_ plot: Box, _ metrics: CanvasMetrics, width: (String) -> Double) -> [ChartLayout.Shade] {
        var shades: [(shade: ChartLayout.Shade, weight: Double)] = chart.incidents.compactMap { incident in
            guard incident.end > chart.start, incident.start < chart.end else { return nil }
            // A short one is as wide as can be seen.
            let left = min(x(Double(incident.start)), plot.right - 2 * metrics.column)
            let right = max(x(Double(incident.end)), left + 2 * metrics.column)
            let box = Box(left: max(left, plot.left), top: plot.top, right: min(right, plot.right), bottom: plot.bottom)
            let label = PlainText.fitted(incident.label, into: metrics.width / 8, width)
            return (ChartLayout.Shade(box: box, label: label), incident.weight)
        }
        var taken: [ClosedRange<Double>] = []
        for index in shades.indices.sorted(by: { shades[$0].weight > shades[$1].weight }) {
            let shade = shades[index].shade
            let half = width(shade.label) / 2
            let place = min(max((shade.box.left + shade.box.right) / 2, half), metrics.width - half)
            let range = (place - half - metrics.gap / 4)...(place + half + metrics.gap / 4)
            guard !taken.contains(where: { $0.overlaps(range) }) else { continue }
            taken.append(range)
            shades[index].shade.labelPlace = place
        }
        return shades.map(\.shade)
    }
}
