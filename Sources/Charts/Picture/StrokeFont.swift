internal import Foundation

/// Letters made of pen strokes, drawn for these charts: smooth at any size, and no font file needed.
///
/// The grid is 12 high from the line up to the top of capitals, small letters are 8 high, tails go 4 below.
enum StrokeFont {
    struct Glyph: Equatable, Sendable {
        var strokes: [[Point]]
        var width: Double
    }

    /// Between letters, in grid units.
    private static let space = 3.2
    /// Grid units that make the size of a font: capitals are 0.72 of it high.
    private static let units = 12 / 0.72
    /// What is written for letters that are not here.
    private static let unknown = Glyph(strokes: [Stroke("l00707c0c00").points], width: 7)

    private static let glyphs = glyphTable.mapValues { glyph($0) }
        .merging([" ": Glyph(strokes: [], width: 2.8)]) { $1 }

    static func width(of text: String, size: Double) -> Double {
        let sum = text.reduce(0.0) { $0 + glyph($1).width + space }
        return max(sum - space, 0) * size / units
    }

    /// The strokes of a text, in the unit of the size.
    ///
    /// - Parameter origin: on the line at its left end.
    static func strokes(of text: String, size: Double, origin: Point) -> [[Point]] {
        let scale = size / units
        var place = origin.x
        var result: [[Point]] = []
        for character in text {
            let glyph = glyph(character)
            for stroke in glyph.strokes {
                result.append(stroke.map { Point(x: place + $0.x * scale, y: origin.y + ($0.y - 12) * scale) })
            }
            place += (glyph.width + space) * scale
        }
        return result
    }

    private static func glyph(_ character: Character) -> Glyph {
        if let glyph = glyphs[character] { return glyph }
        // Accents stand above the plain letter.
        let parts = Array(String(character).decomposedStringWithCanonicalMapping.unicodeScalars)
        guard parts.count == 2, let base = glyphs[Character(parts[0])], let accent = accents[parts[1]] else {
            return unknown
        }
        let isHigh = base.strokes.joined().contains { $0.y < 3.5 } && parts[0] != "i" && parts[0] != "j"
        let mark = Self.glyph(accent)
        let body = parts[0] == "i" ? glyphs["ı"]?.strokes ?? base.strokes : base.strokes
        let raised = mark.strokes.map { stroke in
            stroke.map { Point(x: $0.x + base.width / 2 - mark.width / 2, y: $0.y - (isHigh ? 5 : 1)) }
        }
        return Glyph(strokes: body + raised, width: base.width)
    }

    private static func glyph(_ text: String) -> Glyph {
        let strokes = text.split(separator: " ").map { Stroke($0).points }
        return Glyph(strokes: strokes, width: strokes.joined().reduce(0) { max($0, $1.x) })
    }
}

/// One stroke as it is written down: a letter for its kind, then the digits x and y of each point, beyond 9 as letters.
private struct Stroke {
    let points: [Point]

    /// `l` joins the points by lines, `c` lets them pull at an open curve, `o` at a closed one.
    init(_ text: some StringProtocol) {
        let digits = text.dropFirst().compactMap { $0.wholeNumberValue ?? $0.asciiValue.map { Int($0) - 87 } }
        let points = stride(from: 0, to: digits.count - 1, by: 2).map {
            Point(x: Double(digits[$0]), y: Double(digits[$0 + 1]))
        }
        switch text.first {
        case "c": self.points = Self.rounded(points, isClosed: false)
        case "o": self.points = Self.rounded(points, isClosed: true)
        default: self.points = points
        }
    }

    /// Cuts corners four times, which comes near a quadratic spline (Chaikin).
    private static func rounded(_ points: [Point], isClosed: Bool) -> [Point] {
        var points = points
        for _ in 0..<4 {
            var next: [Point] = isClosed ? [] : [points[0]]
            for index in points.indices.dropLast(isClosed ? 0 : 1) {
                let (a, b) = (points[index], points[(index + 1) % points.count])
                next.append(Point(x: a.x * 0.75 + b.x * 0.25, y: a.y * 0.75 + b.y * 0.25))
                next.append(Point(x: a.x * 0.25 + b.x * 0.75, y: a.y * 0.25 + b.y * 0.75))
            }
            if !isClosed { next.append(points[points.count - 1]) }
            points = next
        }
        return isClosed ? points + [points[0]] : points
    }
}
