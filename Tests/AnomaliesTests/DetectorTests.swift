import Anomalies
import Harness
import Testing

struct DetectorTests {
    private let detector: Detector

    init() throws {
        detector = Detector(SeriesMetric.mentions.profile(grain: 300), try Simulation.forecaster())
    }

    @Test func theStateOfASeriesStaysBelowOneKibibyte() {
        #expect(MemoryLayout<SeriesState>.size <= 1024)
        #expect(detector.start().bytes.count <= 1024)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func aStoredStateGoesOnAsIfItHadNeverRested(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let counts = Simulation.counts(days: 5, perWindow: 8, &random)
        var live = detector.start()
        var rested = detector.start()
        for (window, count) in counts.enumerated() {
            let start = Int64(window) * 300
            if Int.random(in: 0..<50, using: &random) == 0 { rested = try #require(SeriesState(bytes: rested.bytes)) }
            let expected = detector.advance(&live, start: start, value: count)
            #expect(detector.advance(&rested, start: start, value: count) == expected, "seed \(seed), window \(window)")
        }
        #expect(live == rested)
    }

    @Test func bytesOfAnotherVersionOrLengthAreNoState() {
        var bytes = detector.start().bytes
        #expect(SeriesState(bytes: Array(bytes.dropLast())) == nil)
        bytes[0] &+= 1
        #expect(SeriesState(bytes: bytes) == nil)
    }

    @Test func aBatchGivesTheSameBitsAsEachSeriesAlone() {
        var random = Seeded(state: 7)
        let series = (0..<5).map { Simulation.counts(days: 4, perWindow: Double(1 << (2 * $0)) / 4, &random) }
        var states = [SeriesState](repeating: detector.start(), count: series.count)
        var together: [[Surprise]] = []
        for window in series[0].indices {
            together.append(detector.advance(&states, start: Int64(window) * 300, values: series.map { $0[window] }))
        }
        for (index, counts) in series.enumerated() {
            let alone = Simulation.watch(counts, detector, from: 0)
            #expect(alone.surprises == together.map { $0[index] })
        }
    }

    @Test(arguments: [11, 12, 13, 14] as [UInt64]) func aBurstOfFiveTimesTheRateAlertsWithinTwoWindows(seed: UInt64) {
        var random = Seeded(state: seed)
        var counts = Simulation.counts(days: 21, perWindow: 20, &random)
        let onset = 18 * 288 + Int.random(in: 0..<288, using: &random)
        for window in onset..<onset + 24 {
            counts[window] = Float(Simulation.poisson(Double(counts[window]) * 5 + 5, &random))
        }
        let opened = Simulation.watch(counts, detector).events.compactMap { event in
            if case .opened(let episode) = event { Int((episode.start - 1_700_006_400) / 300) } else { nil }
        }
        #expect(opened.contains { (onset...onset + 2).contains($0) }, "seed \(seed): onset \(onset), alerts \(opened)")
        #expect(opened.count { (onset...onset + 288).contains($0) } == 1, "seed \(seed): \(opened)")
    }

    @Test(arguments: [0.5, 5, 200]) func aQuietYearStaysWithinItsBudget(mean: Double) {
        var random = Seeded(state: 21)
        let counts = Simulation.counts(days: 365, perWindow: mean, &random)
        let alerts = Simulation.watch(counts, detector).events.count { if case .opened = $0 { true } else { false } }
        // Two a week are allowed; a detector that never speaks would not be tested by that.
        #expect((20...104).contains(alerts), "\(alerts) alerts in a year without bursts, seed 21")
    }

    @Test func nothingIsSaidInTheFirstTwoDays() {
        var random = Seeded(state: 3)
        var counts = Simulation.counts(days: 2, perWindow: 5, &random)
        counts[300] = 5000
        #expect(Simulation.watch(counts, detector).surprises.allSatisfy { $0.logReturnDays == -.infinity })
    }

    @Test func aGapIsUnknownAndNotZero() throws {
        var random = Seeded(state: 5)
        let counts: [Float?] = Simulation.counts(days: 12, perWindow: 50, &random)
        var torn = counts
        for window in 2880..<3000 { torn[window] = nil }
        let drops = Detector(SeriesProfile(kind: .count, direction: .both, grain: 300), try Simulation.forecaster())
        let surprises = Simulation.watch(torn, drops).surprises
        let after = surprises[2880..<2900]
        #expect(after.allSatisfy { $0.logReturnDays < 3 }, "\(after.map(\.logReturnDays))")
        var silent = counts
        for window in 2880..<3000 { silent[window] = 0 }
        let loud = Simulation.watch(silent, drops).surprises[2880..<2900]
        #expect(loud.contains { $0.logReturnDays > 3 && $0.isDrop })
    }

    @Test func aGaugeThatFallsIsADrop() {
        var random = Seeded(state: 9)
        var values = (0..<10 * 288).map { _ in Float.random(in: 0.2..<0.4, using: &random) }
        for window in 2600..<2650 { values[window] -= 0.8 }
        let gauge = Detector(SeriesMetric.netSentiment.profile(grain: 300), nil)
        let surprises = Simulation.watch(values, gauge).surprises
        #expect(surprises[2600].isDrop && surprises[2600].logReturnDays > 2, "\(surprises[2600])")
        #expect(surprises[2500..<2600].allSatisfy { $0.logReturnDays < surprises[2600].logReturnDays })
    }
}
