import CZlib
import Harness
import Testing

@testable import Charts

struct PNGTests {
    /// A file read back: only the kind that this room writes.
    private struct Picture {
        var width = 0
        var height = 0
        var pixels: [UInt8] = []
        var chunks: [String] = []

        init?(_ file: [UInt8]) {
            guard file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
            var data: [UInt8] = []
            var place = 8
            func word(_ at: Int) -> Int { file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
            while place < file.count {
                let length = word(place)
                let chunk = Array(file[place + 4..<place + 8 + length])
                guard Int(crc32(0, chunk, uInt(chunk.count))) == word(place + 8 + length) else { return nil }
                let name = String(decoding: chunk[..<4], as: UTF8.self)
                chunks.append(name)
                if name == "IHDR" { (width, height) = (word(place + 8), word(place + 12)) }
                if name == "IDAT" { data += chunk[4...] }
                place += 12 + length
            }
            var length = uLong((width * 3 + 1) * height)
            var rows = [UInt8](repeating: 0, count: Int(length))
            guard uncompress(&rows, &length, data, uLong(data.count)) == Z_OK, Int(length) == rows.count else {
                return nil
            }
            for y in 0..<height {
                guard rows[y * (width * 3 + 1)] == 2 else { return nil }
                for x in 0..<width * 3 {
                    let above = y == 0 ? 0 : pixels[(y - 1) * width * 3 + x]
                    pixels.append(rows[y * (width * 3 + 1) + 1 + x] &+ above)
                }
            }
        }

        func pixel(_ x: Double, _ y: Double) -> [UInt8] {
            let place = (Int(y * 2) * width + Int(x * 2)) * 3
            return Array(pixels[place..<place + 3])
        }
    }

    @Test func thePixelsLieWhereTheLayoutSays() throws {
        var chart = Sample.small
        // Flat on purpose: a thick line that crosses nothing.
        chart.values = Array(repeating: 40, count: 16)
        let picture = try #require(Picture(chart.png(width: 480, height: 240)))
        #expect((picture.width, picture.height) == (960, 480))
        #expect(picture.chunks == ["IHDR", "pHYs", "iTXt", "iTXt", "IDAT", "IEND"])
        let layout = ChartLayout(chart, on: PNGCanvas(width: 480, height: 240))
        let line = try #require(layout.lines.first)
        #expect(picture.pixel(line[3].x, line[3].y) == [0x00, 0x72, 0xB2], "the series is blue")
        let shade = try #require(layout.shades.first).box
        #expect(
            picture.pixel((shade.left + shade.right) / 2, shade.top + 8) == [248, 226, 179], "the incident is orange")
        #expect(picture.pixel(layout.plot.right - 20, line[3].y + 12) == [255, 255, 255], "paper is white")
        #expect(picture.pixel(layout.plot.left, layout.plot.top + 30) == [0x44, 0x44, 0x44], "the axis is dark")
        let strip = try #require(layout.strips.first)
        #expect(
            picture.pixel(strip[1].x, (strip[1].top + strip[1].bottom) / 2 + 3) == [196, 229, 247], "the band is light")
    }

    @Test(arguments: 0..<30) func anyChartIsAPicture(seed: UInt64) {
        var random = Seeded(state: seed)
        let picture = Picture(Sample.any(&random).png(width: 200, height: 100))
        #expect(picture?.width == 400 && picture?.height == 200, "seed \(seed)")
    }

    @Test func everyAsciiLetterHasStrokesOfItsOwnWithinTheLine() {
        var seen: Set<String> = []
        for code in UInt8(33)...126 {
            let letter = String(UnicodeScalar(code))
            let strokes = StrokeFont.strokes(of: letter, size: 12, origin: Point(x: 0, y: 0))
            #expect(seen.insert("\(strokes)").inserted, "\(letter) looks like another letter")
            for point in strokes.joined() { #expect((-9...3.1).contains(point.y) && point.x >= 0, "\(letter)") }
        }
        #expect(StrokeFont.width(of: "", size: 12) == 0)
        #expect(StrokeFont.width(of: "ab", size: 24) == 2 * StrokeFont.width(of: "ab", size: 12))
    }
}
