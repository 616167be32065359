import Harness
import Testing

@testable import Charts

struct LayoutTests {
    private static func layouts(_ chart: Chart) -> [ChartLayout] {
        [
            ChartLayout(chart, on: SVGCanvas(width: 960, height: 400)),
            ChartLayout(chart, on: SVGCanvas(width: 200, height: 120)),
            ChartLayout(chart, on: TerminalCanvas(columns: 80, rows: 20, isColoured: false)),
        ]
    }

    @Test(arguments: 0..<300) func nothingLiesOutsideThePlot(seed: UInt64) {
        var random = Seeded(state: seed)
        for layout in Self.layouts(Sample.any(&random)) {
            let plot = layout.plot
            let across = plot.left - 1e-9...plot.right + 1e-9
            let down = plot.top - 1e-9...plot.bottom + 1e-9
            for point in layout.lines.joined() {
                #expect(across.contains(point.x) && down.contains(point.y), "seed \(seed): \(point)")
            }
            for column in layout.strips.joined() {
                let isInside = across.contains(column.x) && down.contains(column.top) && down.contains(column.bottom)
                #expect(isInside && column.top <= column.bottom, "seed \(seed): \(column)")
            }
            for shade in layout.shades {
                #expect(across.contains(shade.box.left) && across.contains(shade.box.right), "seed \(seed)")
                #expect(shade.box.left < shade.box.right, "seed \(seed): \(shade.box)")
            }
            for tick in layout.timeTicks { #expect(across.contains(tick.place), "seed \(seed)") }
            for tick in layout.valueTicks { #expect(down.contains(tick.place), "seed \(seed)") }
        }
    }

    @Test(arguments: [0, 1, 52_345, 105_118, 105_119]) func aSpikeOfOneWindowInAYearStaysVisible(window: Int) {
        for layout in Self.layouts(Sample.year(spike: window)) {
            let points = layout.lines.joined()
            #expect(points.count <= 4 * 960 + 4)
            let top = points.map(\.y).min() ?? .infinity
            // 9,999 of 10,000: at the top.
            #expect(top - layout.plot.top < layout.plot.height / 5000, "\(top) below \(layout.plot.top)")
        }
    }

    @Test(arguments: 0..<100) func thinningCoversTheSamePixelsAndKeepsTheOrder(seed: UInt64) {
        var random = Seeded(state: seed)
        let count = Int.random(in: 0..<3000, using: &random)
        let points = (0..<count).map { Point(x: Double($0) * 0.05, y: Double.random(in: 0...100, using: &random)) }
        let thinned = Thinning.thinned(points, column: 1)
        #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.x < $1.x }, "seed \(seed)")
        for column in 0..<200 {
            let inside = { (points: [Point]) in points.filter { Int($0.x) == column }.map(\.y) }
            let (all, some) = (inside(points), inside(thinned))
            #expect(all.min() == some.min() && all.max() == some.max(), "seed \(seed), column \(column)")
            #expect(all.first == some.first && all.last == some.last, "seed \(seed), column \(column)")
            #expect(some.count <= 4 || count <= 4)
        }
    }

    @Test func valueTicksAreRoundAscendingAndCoverAllValues() {
        var random = Seeded(state: 1)
        for _ in 0..<2000 {
            let size = Double.random(in: -9...12, using: &random)
            var range = [0, Double.random(in: -1...1, using: &random) * magnitude(size)].sorted()
            if Bool.random(using: &random) { range[0] = range[1] }
            let ticks = ValueTicks(covering: range[0]...range[1], count: 6).values
            #expect(ticks.count >= 2 && ticks.count <= 8, "\(range): \(ticks)")
            #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 }, "\(range): \(ticks)")
            let slack = (ticks[1] - ticks[0]) * 1e-6
            #expect(ticks[0] <= range[0] + slack && ticks[ticks.count - 1] >= range[1] - slack, "\(range): \(ticks)")
        }
        #expect(ValueTicks(covering: 0...742, count: 5).values == [0, 200, 400, 600, 800])
        #expect(ValueTicks(covering: 0...0, count: 5).values.first == 0)
    }

    private func magnitude(_ exponent: Double) -> Double {
        (0..<Int(abs(exponent))).reduce(1) { size, _ in exponent < 0 ? size / 10 : size * 10 }
    }

    @Test func valuesReadWell() {
        let texts = [0, 7, 850, 1000, 1500, 25_000, 999_999, 2_500_000, 3e9, 4e12, 0.25, -0.5, 0.004, 1e300].map(
            ValueTicks.text)
        #expect(
            texts == [
                "0", "7", "850", "1k", "1.5k", "25k", "1M", "2.5M", "3G", "4T", "0.25", "−0.5", "0.004", "1e300",
            ])
    }

    @Test func timeTicksAreByMinuteHourDayWeekMonthAndYear() {
        let start = Sample.monday
        func labels(_ seconds: Int64) -> [String] {
            TimeTicks(from: start, to: start + seconds, count: 8).ticks.map(\.label)
        }
        #expect(labels(1800) == ["23 Nov", "00:05", "00:10", "00:15", "00:20", "00:25", "00:30"])
        #expect(labels(6 * 3600) == ["23 Nov", "01:00", "02:00", "03:00", "04:00", "05:00", "06:00"])
        #expect(labels(86_400).prefix(4) == ["23 Nov", "06:00", "12:00", "18:00"])
        #expect(labels(7 * 86_400).first == "23 Nov")
        #expect(labels(30 * 86_400) == ["23 Nov", "30 Nov", "7 Dec", "14 Dec", "21 Dec"])
        #expect(labels(200 * 86_400) == ["Dec", "2027", "Feb", "Mar", "Apr", "May", "Jun"])
        #expect(labels(3000 * 86_400).allSatisfy { $0.count == 4 })
    }

    @Test func timeTicksAscendAndAreNoMoreThanAskedFor() {
        var random = Seeded(state: 2)
        for _ in 0..<2000 {
            let start = Int64.random(in: -10_000_000_000...100_000_000_000, using: &random)
            let length = Int64.random(in: 1...(1 << Int64.random(in: 1...36, using: &random)), using: &random)
            let ticks = TimeTicks(from: start, to: start + length, count: 8).ticks.map(\.moment)
            #expect(ticks.count <= 9, "\(start) + \(length)")
            #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 }, "\(start) + \(length)")
            #expect(ticks.allSatisfy { $0 >= start && $0 <= start + length && $0 % 60 == 0 }, "\(start) + \(length)")
        }
    }

    @Test func labelsOfIncidentsNeverCollideAndTheHeavierStays() {
        var chart = Sample.small
        chart.incidents = (0..<40).map {
            Chart.Incident(
                start: chart.start + Int64($0) * 300, end: chart.start + Int64($0) * 300 + 300, label: "\($0)",
                weight: Double($0))
        }
        let canvas = SVGCanvas(width: 300, height: 200)
        let shades = ChartLayout(chart, on: canvas).shades
        let places = shades.compactMap { shade in shade.labelPlace.map { ($0, canvas.width(of: shade.label, .label)) } }
        #expect(shades[39].labelPlace != nil)
        #expect(places.count > 5 && places.count < 40)
        for (left, right) in zip(places, places.dropFirst()) { #expect(left.0 + left.1 / 2 <= right.0 - right.1 / 2) }
    }
}
