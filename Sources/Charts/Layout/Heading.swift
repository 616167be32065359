/// Title, unit and legend: the lines above the plot.
struct Heading: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        var ink: Ink
        var name: String
        /// Where its sample begins.
        var place: Double
        var sample: Double
    }

    let title: String
    let subtitle: String
    let legend: [Entry]
    /// The middles of the lines of text.
    let titleLine: Double
    let subtitleLine: Double
    let legendLine: Double
    /// Without the margin above.
    let height: Double

    init(_ chart: Chart, on canvas: some Canvas) {
        let metrics = canvas.metrics
        let room = metrics.width - 2 * metrics.margin
        title = PlainText.fitted(chart.title, into: room) { canvas.width(of: $0, .title) }
        subtitle = PlainText.fitted("\(chart.unit), \(chart.span)", into: room) { canvas.width(of: $0, .faint) }

        var names: [(Ink, String)] = [(.series, "seen")]
        if chart.band.contains(where: { $0 != nil }) { names.append((.band, chart.bandName)) }
        if !chart.incidents.isEmpty { names.append((.incident, "incident")) }
        // A sample is as wide as two letters.
        let sample = canvas.width(of: "nn", .plain)
        var entries: [Entry] = []
        var width = 0.0
        for (ink, name) in names {
            let text = PlainText.fitted(name, into: room / 2) { canvas.width(of: $0, .plain) }
            entries.append(Entry(ink: ink, name: text, place: width, sample: sample))
            width += sample + metrics.gap / 2 + canvas.width(of: text, .plain) + 1.5 * metrics.gap
        }
        width -= 1.5 * metrics.gap
        let isBeside = canvas.width(of: subtitle, .faint) + 3 * metrics.gap + width <= room
        if names.count == 1 || width > room { entries = [] }
        let place = isBeside ? metrics.width - metrics.margin - width : metrics.margin
        legend = entries.map { entry in
            var entry = entry
            entry.place += place
            return entry
        }
        titleLine = metrics.margin + metrics.row / 2
        subtitleLine = titleLine + metrics.row
        legendLine = subtitleLine + (isBeside ? 0 : metrics.row)
        height = metrics.row * (isBeside || entries.isEmpty ? 2 : 3)
    }
}
