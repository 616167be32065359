/// What a layout is drawn on: a terminal, an SVG file, pixels.
protocol Canvas {
    var metrics: CanvasMetrics { get }
    func width(of text: String, _ lettering: Lettering) -> Double
    mutating func fill(_ box: Box, _ ink: Ink)
    mutating func fill(_ strip: [StripColumn], _ ink: Ink)
    /// Joins points; a single one is a dot.
    mutating func join(_ points: [Point], _ ink: Ink)
    /// A straight line along an axis.
    mutating func rule(_ from: Point, _ to: Point, _ ink: Ink)
    /// - Parameter point: on the middle of the line of text, at its start, middle or end.
    mutating func write(_ text: String, at point: Point, _ anchor: Anchor, _ lettering: Lettering)
}

/// The measures of a canvas, in its own unit: cells of a terminal, points elsewhere.
struct CanvasMetrics: Equatable, Sendable {
    var width: Double
    var height: Double
    /// From one line of text to the next.
    var row: Double
    /// Between texts and other things.
    var gap: Double
    /// How long a tick is.
    var tick: Double
    /// How far an axis lies outside the plot.
    var axis: Double
    /// What at least stays free around everything.
    var margin: Double
    /// The narrowest thing that can be seen.
    var column: Double
    /// How much of the plot's far edges the last dots of a canvas of dots take, whose places are their upper left corners.
    var dot: Point
}

struct Point: Equatable, Sendable {
    var x: Double
    var y: Double
}

struct Box: Equatable, Sendable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }
}

/// A place in an area between two lines.
struct StripColumn: Equatable, Sendable {
    var x: Double
    var top: Double
    var bottom: Double
}

enum Anchor: Sendable {
    case start
    case middle
    case end
}

/// What something is drawn for; each canvas has its colours.
enum Ink: CaseIterable, Sendable {
    case series
    case band
    case incident
    case axis
    case grid
}

/// What a text is for.
enum Lettering: CaseIterable, Sendable {
    case title
    case plain
    case faint
    /// The label of an incident.
    case label
}
