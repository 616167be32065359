extension ChartLayout {
    /// Draws from the back to the front.
    func draw(on canvas: inout some Canvas) {
        for tick in valueTicks.dropFirst() {
            canvas.rule(Point(x: plot.left, y: tick.place), Point(x: plot.right, y: tick.place), .grid)
        }
        for shade in shades { canvas.fill(shade.box, .incident) }
        for strip in strips { canvas.fill(strip, .band) }
        drawAxes(&canvas)
        for line in lines { canvas.join(line, .series) }
        for shade in shades {
            guard let place = shade.labelPlace else { continue }
            canvas.write(shade.label, at: Point(x: place, y: plot.top - metrics.row / 2), .middle, .label)
        }
        if lines.isEmpty {
            let middle = Point(x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2)
            canvas.write("no data", at: middle, .middle, .faint)
        }
        drawHeading(&canvas)
        for (index, note) in notes.enumerated() {
            let line = metrics.height - metrics.margin - metrics.row * (Double(notes.count - index) - 0.5)
            let text = PlainText.fitted(note, into: metrics.width - 2 * metrics.margin) {
                canvas.width(of: $0, .plain)
            }
            canvas.write(text, at: Point(x: metrics.margin, y: line), .start, .plain)
        }
    }

    private func drawAxes(_ canvas: inout some Canvas) {
        let left = plot.left - metrics.axis
        let bottom = plot.bottom + metrics.axis
        canvas.rule(Point(x: left, y: plot.top), Point(x: left, y: bottom), .axis)
        canvas.rule(Point(x: left, y: bottom), Point(x: plot.right, y: bottom), .axis)
        for (index, tick) in valueTicks.enumerated() {
            // The lowest value stands on the axis itself, where that lies below the plot.
            let y = index == 0 ? bottom : tick.place
            canvas.rule(Point(x: left - metrics.tick, y: y), Point(x: left, y: y), .axis)
            let end = left - metrics.axis - (metrics.axis > 0 ? 0 : metrics.tick) - metrics.gap / 2
            canvas.write(tick.label, at: Point(x: end, y: y), .end, .plain)
        }
        for tick in timeTicks {
            canvas.rule(Point(x: tick.place, y: bottom), Point(x: tick.place, y: bottom + metrics.tick), .axis)
            let line = bottom + metrics.axis + (metrics.axis > 0 ? 0 : metrics.tick) + metrics.row / 2
            canvas.write(tick.label, at: Point(x: tick.place, y: line), .middle, .plain)
        }
    }

    private func drawHeading(_ canvas: inout some Canvas) {
        canvas.write(heading.title, at: Point(x: metrics.margin, y: heading.titleLine), .start, .title)
        canvas.write(heading.subtitle, at: Point(x: metrics.margin, y: heading.subtitleLine), .start, .faint)
        for entry in heading.legend {
            let line = heading.legendLine
            let end = entry.place + entry.sample
            if entry.ink == .series {
                canvas.join([Point(x: entry.place, y: line), Point(x: end - metrics.dot.x, y: line)], entry.ink)
            } else {
                let half = metrics.row / 3
                canvas.fill(Box(left: entry.place, top: line - half, right: end, bottom: line + half), entry.ink)
            }
            canvas.write(entry.name, at: Point(x: end + metrics.gap / 2, y: line), .start, .plain)
        }
    }
}
