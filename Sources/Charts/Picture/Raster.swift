/// Pixels, red, green and blue, white at first, with smooth edges.
struct Raster {
    let width: Int
    let height: Int
    /// Three bytes a pixel, row by row.
    private(set) var pixels: [UInt8]
    /// How much of each pixel a shape covers, while it is drawn: overlaps of its parts count once.
    private var cover: [UInt8]

    init(width: Int, height: Int) {
        precondition(width > 0 && height > 0, "\(width)×\(height) pixels")
        self.width = width
        self.height = height
        pixels = Array(repeating: 255, count: width * height * 3)
        cover = Array(repeating: 0, count: width * height)
    }

    func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(pixels[(y * width + x) * 3..<(y * width + x) * 3 + 3]) }

    mutating func fill(_ box: Box, _ colour: Colour) {
        fill(
            [
                StripColumn(x: box.left, top: box.top, bottom: box.bottom),
                StripColumn(x: box.right, top: box.top, bottom: box.bottom),
            ], colour)
    }

    /// Fills an area from left to right.
    mutating func fill(_ strip: [StripColumn], _ colour: Colour) {
        guard let first = strip.first, let last = strip.last else { return }
        var piece = 0
        for x in columns(first.x, last.x) {
            let middle = min(max(Double(x) + 0.5, first.x), last.x)
            while piece + 2 < strip.count, strip[piece + 1].x < middle { piece += 1 }
            let (from, to) = (strip[piece], strip[min(piece + 1, strip.count - 1)])
            let share = to.x > from.x ? min(max((middle - from.x) / (to.x - from.x), 0), 1) : 0
            let top = from.top + share * (to.top - from.top)
            let bottom = from.bottom + share * (to.bottom - from.bottom)
            let across = min(Double(x + 1), last.x) - max(Double(x), first.x)
            for y in rows(top, bottom) {
                let down = min(Double(y + 1), bottom) - max(Double(y), top)
                blend(x, y, colour, max(across, 0) * max(down, 0))
            }
        }
    }

    /// Draws lines with round ends.
    mutating func stroke(_ lines: [[Point]], thickness: Double, _ colour: Colour) {
        var touched = Box(left: .infinity, top: .infinity, right: -.infinity, bottom: -.infinity)
        let reach = thickness / 2 + 0.5
        for line in lines {
            guard let first = line.first else { continue }
            segment(first, line.count > 1 ? line[1] : first, reach)
            for index in line.indices.dropFirst().dropLast() { segment(line[index], line[index + 1], reach) }
            for point in line {
                touched.left = min(touched.left, point.x - reach)
                touched.right = max(touched.right, point.x + reach)
                touched.top = min(touched.top, point.y - reach)
                touched.bottom = max(touched.bottom, point.y + reach)
            }
        }
        guard touched.left <= touched.right else { return }
        for y in rows(touched.top, touched.bottom) {
            for x in columns(touched.left, touched.right) where cover[y * width + x] > 0 {
                blend(x, y, colour, Double(cover[y * width + x]) / 255)
                cover[y * width + x] = 0
            }
        }
    }

    /// Covers pixels by their middle's distance from a line between two points.
    private mutating func segment(_ a: Point, _ b: Point, _ reach: Double) {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = (dx * dx + dy * dy).squareRoot()
        for y in rows(min(a.y, b.y) - reach, max(a.y, b.y) + reach) {
            let middle = Double(y) + 0.5
            // Where the line crosses this row of pixels, and how far its pen reaches to both sides there.
            var left = min(a.x, b.x) - reach
            var right = max(a.x, b.x) + reach
            if abs(dy) > 1e-9 {
                let slope = dx / dy
                let spread = abs(slope) / 2 + reach * length / abs(dy)
                let crossing = a.x + (middle - a.y) * slope
                left = max(left, crossing - spread)
                right = min(right, crossing + spread)
            }
            guard left <= right else { continue }
            for x in columns(left, right) {
                let (px, py) = (Double(x) + 0.5 - a.x, middle - a.y)
                let along = length > 0 ? min(max((px * dx + py * dy) / (length * length), 0), 1) : 0
                let (ox, oy) = (px - along * dx, py - along * dy)
                let covered = min(max(reach - (ox * ox + oy * oy).squareRoot(), 0), 1)
                cover[y * width + x] = max(cover[y * width + x], UInt8(covered * 255))
            }
        }
    }

    private func columns(_ left: Double, _ right: Double) -> Range<Int> { Self.whole(left, right, width) }
    private func rows(_ top: Double, _ bottom: Double) -> Range<Int> { Self.whole(top, bottom, height) }

    /// The pixels that a stretch touches.
    private static func whole(_ from: Double, _ to: Double, _ count: Int) -> Range<Int> {
        let start = Int(min(max(from.rounded(.down), 0), Double(count)))
        return start..<max(start, Int(min(max(to.rounded(.up), 0), Double(count))))
    }

    private mutating func blend(_ x: Int, _ y: Int, _ colour: Colour, _ covered: Double) {
        let share = covered * colour.opacity
        let place = (y * width + x) * 3
        func mix(_ offset: Int, _ ink: UInt8) {
            let paper = Double(pixels[place + offset])
            pixels[place + offset] = UInt8((paper + (Double(ink) - paper) * share).rounded())
        }
        mix(0, colour.red)
        mix(1, colour.green)
        mix(2, colour.blue)
    }
}
