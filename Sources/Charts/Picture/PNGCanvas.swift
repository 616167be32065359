/// A chart in pixels, two to a point, as dense screens have.
struct PNGCanvas: Canvas {
    static let scale = 2.0

    let metrics: CanvasMetrics
    private(set) var raster: Raster

    init(width: Int, height: Int) {
        metrics = .picture(width: Double(width), height: Double(height))
        raster = Raster(width: width * Int(Self.scale), height: height * Int(Self.scale))
    }

    func width(of text: String, _ lettering: Lettering) -> Double {
        StrokeFont.width(of: text, size: lettering.size)
    }

    mutating func fill(_ box: Box, _ ink: Ink) {
        raster.fill(
            Box(
                left: (box.left * Self.scale).rounded(), top: (box.top * Self.scale).rounded(),
                right: (box.right * Self.scale).rounded(), bottom: (box.bottom * Self.scale).rounded()), ink.colour)
    }

    mutating func fill(_ strip: [StripColumn], _ ink: Ink) {
        if strip.count == 1 {
            join([Point(x: strip[0].x, y: strip[0].top), Point(x: strip[0].x, y: strip[0].bottom)], ink)
        }
        raster.fill(
            strip.map {
                StripColumn(x: $0.x * Self.scale, top: $0.top * Self.scale, bottom: $0.bottom * Self.scale)
            }, ink.colour)
    }

    mutating func join(_ points: [Point], _ ink: Ink) {
        raster.stroke([points.map(scaled)], thickness: ink.thickness * Self.scale, ink.colour)
    }

    mutating func rule(_ from: Point, _ to: Point, _ ink: Ink) {
        // On whole pixels: sharp.
        let (a, b) = (scaled(from), scaled(to))
        let half = ink.thickness * Self.scale / 2
        let box =
            from.y == to.y
            ? Box(
                left: a.x.rounded() - half, top: a.y.rounded() - half, right: b.x.rounded(),
                bottom: a.y.rounded() + half)
            : Box(left: a.x.rounded() - half, top: a.y.rounded(), right: a.x.rounded() + half, bottom: b.y.rounded())
        raster.fill(box, ink.colour)
    }

    mutating func write(_ text: String, at point: Point, _ anchor: Anchor, _ lettering: Lettering) {
        let width = StrokeFont.width(of: text, size: lettering.size)
        let start =
            switch anchor {
            case .start: point.x
            case .middle: point.x - width / 2
            case .end: point.x - width
            }
        // The middle of capitals lies on the point.
        let origin = Point(x: start * Self.scale, y: (point.y + lettering.size * 0.36) * Self.scale)
        let strokes = StrokeFont.strokes(of: text, size: lettering.size * Self.scale, origin: origin)
        let thickness = lettering.size * (lettering.isBold ? 0.14 : 0.095)
        raster.stroke(strokes, thickness: thickness * Self.scale, lettering.colour)
    }

    private func scaled(_ point: Point) -> Point { Point(x: point.x * Self.scale, y: point.y * Self.scale) }
}

extension Chart {
    /// The chart as a PNG file, two pixels to a point.
    package func png(width: Int = 960, height: Int = 400) -> [UInt8] {
        var canvas = PNGCanvas(width: width, height: height)
        ChartLayout(self, on: canvas).draw(on: &canvas)
        return PNGFile.bytes(
            canvas.raster,
            texts: [("Title", PlainText.clean(title)), ("Description", PlainText.clean(summary, longest: 4000))])
    }
}
