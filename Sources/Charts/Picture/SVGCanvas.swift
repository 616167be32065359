/// A chart as an SVG document: text without scripts, styles or anything that it would fetch.
struct SVGCanvas: Canvas {
    let metrics: CanvasMetrics
    private(set) var body = ""

    init(width: Double, height: Double) { metrics = .picture(width: width, height: height) }

    /// A guess: fonts differ, and labels have room to spare.
    func width(of text: String, _ lettering: Lettering) -> Double {
        StrokeFont.width(of: text, size: lettering.size) * (lettering.isBold ? 1.08 : 1)
    }

    mutating func fill(_ box: Box, _ ink: Ink) {
        body += "<rect x=\"\(box.left.tenths)\" y=\"\(box.top.tenths)\" width=\"\(box.width.tenths)\""
        body += " height=\"\(box.height.tenths)\"\(Self.paint("fill", ink.colour))/>\n"
    }

    mutating func fill(_ strip: [StripColumn], _ ink: Ink) {
        guard strip.count > 1 else {
            // One window has no width: it is drawn as thick as a line.
            for column in strip {
                join([Point(x: column.x, y: column.top), Point(x: column.x, y: column.bottom)], ink)
            }
            return
        }
        body += "<path d=\""
        for (index, column) in strip.enumerated() {
            body += "\(index == 0 ? "M" : "L")\(column.x.tenths) \(column.top.tenths)"
        }
        for column in strip.reversed() { body += "L\(column.x.tenths) \(column.bottom.tenths)" }
        body += "Z\"\(Self.paint("fill", ink.colour))/>\n"
    }

    mutating func join(_ points: [Point], _ ink: Ink) {
        guard let first = points.first else { return }
        body += "<path d=\"M\(first.x.tenths) \(first.y.tenths)"
        // A dot is a line to itself with round ends.
        for point in points.count == 1 ? points[...] : points.dropFirst() {
            body += "L\(point.x.tenths) \(point.y.tenths)"
        }
        body += "\" fill=\"none\"\(Self.paint("stroke", ink.colour)) stroke-width=\"\(ink.thickness.tenths)\""
        body += " stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n"
    }

    mutating func rule(_ from: Point, _ to: Point, _ ink: Ink) {
        // On the middle of pixels, where a thin line is sharp.
        let (x1, y1, x2, y2) = (from.x.rounded(), from.y.rounded(), to.x.rounded(), to.y.rounded())
        body += "<path d=\"M\((x1 + 0.5).tenths) \((y1 + 0.5).tenths)L\((x2 + 0.5).tenths) \((y2 + 0.5).tenths)\""
        body += "\(Self.paint("stroke", ink.colour)) stroke-width=\"\(ink.thickness.tenths)\"/>\n"
    }

    mutating func write(_ text: String, at point: Point, _ anchor: Anchor, _ lettering: Lettering) {
        guard !text.isEmpty else { return }
        let side =
            switch anchor {
            case .start: ""
            case .middle: " text-anchor=\"middle\""
            case .end: " text-anchor=\"end\""
            }
        // The middle of capitals lies a third of the size above the line they stand on.
        body += "<text x=\"\(point.x.tenths)\" y=\"\((point.y + lettering.size * 0.36).tenths)\""
        body += " font-size=\"\(lettering.size.tenths)\"\(side)\(lettering.isBold ? " font-weight=\"bold\"" : "")"
        body += "\(Self.paint("fill", lettering.colour))>\(Self.escaped(text))</text>\n"
    }

    private static func paint(_ property: String, _ colour: Colour) -> String {
        let paint = " \(property)=\"\(colour.hex)\""
        return colour.opacity < 1
            ? paint + " \(property)-opacity=\"0.\(Int((colour.opacity * 100).rounded()))\"" : paint
    }

    /// Text for XML, between tags and in quotes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Chart {
    /// The chart as an SVG document, in points.
    package func svg(width: Int = 960, height: Int = 400) -> String {
        var canvas = SVGCanvas(width: Double(width), height: Double(height))
        ChartLayout(self, on: canvas).draw(on: &canvas)
        let title = SVGCanvas.escaped(PlainText.clean(title))
        let summary = SVGCanvas.escaped(PlainText.clean(summary, longest: 4000))
        // Left to right, whatever the letters of a name: each text is a world of its own.
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
            role="img" aria-labelledby="title desc" font-family="Helvetica, Arial, sans-serif" direction="ltr" \
            unicode-bidi="isolate">
            <title id="title">\(title)</title>
            <desc id="desc">\(summary)</desc>
            <rect width="\(width)" height="\(height)" fill="#FFFFFF"/>
            \(canvas.body)</svg>

            """
    }
}

extension Double {
    /// With one decimal at most, as SVG takes numbers; nothing of a locale.
    var tenths: String {
        let tenths = Int((self * 10).rounded())
        let digits = "\(abs(tenths) / 10)" + (tenths % 10 == 0 ? "" : ".\(abs(tenths) % 10)")
        return tenths < 0 ? "-" + digits : digits
    }
}
