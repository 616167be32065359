import Domain
import Harness
import Testing

@testable import Trends

@Suite struct WatermarkTests {
    private static let fresh = Watermark(lateness: .seconds(60), horizon: .seconds(3600), silence: .seconds(300))

    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    @Test func nothingIsClosedBeforeTheFirstReport() {
        var watermark = Self.fresh
        watermark.advance(at: Self.at(1_000_000))
        #expect(watermark.time == nil)
        #expect(watermark.standing(of: 0, grain: .minute) == .open)
    }

    @Test func theSlowestLivingSourceHoldsWindowsOpen() {
        var watermark = Self.fresh
        watermark.report(1, reached: Self.at(1200), at: Self.at(1200))
        watermark.report(2, reached: Self.at(600), at: Self.at(1200))
        watermark.advance(at: Self.at(1200))
        #expect(watermark.time == Self.at(540))
        #expect(watermark.standing(of: 480, grain: .minute) == .closed)
        #expect(watermark.standing(of: 540, grain: .minute) == .open)
        watermark.report(1, reached: Self.at(1600), at: Self.at(1600))
        watermark.advance(at: Self.at(1600))
        #expect(watermark.time == Self.at(1540), "a source silent for 400 s is passed over")
    }

    @Test func aWindowIsFinalOnlyAfterTheHorizon() {
        var watermark = Self.fresh
        watermark.report(1, reached: Self.at(3659), at: Self.at(0))
        watermark.advance(at: Self.at(0))
        #expect(watermark.standing(of: 0, grain: .minute) == .closed)
        watermark.report(1, reached: Self.at(3660), at: Self.at(0))
        watermark.advance(at: Self.at(0))
        #expect(watermark.standing(of: 0, grain: .minute) == .final)
    }

    @Test func aSourceThatEndedHoldsNothingBack() {
        var watermark = Self.fresh
        watermark.report(1, reached: Self.at(100), at: Self.at(0))
        watermark.report(2, reached: Self.at(900), at: Self.at(0))
        watermark.end(1)
        watermark.advance(at: Self.at(0))
        #expect(watermark.time == Self.at(840))
    }

    @Test(arguments: 0..<100) func everyHistoryKeepsTheLaws(seed: UInt64) {
        var random = Seeded(state: seed)
        var watermark = Self.fresh
        var now: Int64 = 0
        for _ in 0..<100 {
            let before = watermark
            now += .random(in: 0...120, using: &random)
            for source in 0..<3 where Bool.random(using: &random) {
                watermark.report(source, reached: Self.at(.random(in: 0...now, using: &random)), at: Self.at(now))
            }
            if Int.random(in: 0..<20, using: &random) == 0 { watermark.end(.random(in: 0..<3, using: &random)) }
            watermark.advance(at: Self.at(now))
            if let earlier = before.time {
                #expect(watermark.time.map { $0 >= earlier } == true, "time went back, seed \(seed)")
            }
            for start in stride(from: Int64(0), to: now, by: 600) {
                let standings = (
                    before.standing(of: start, grain: .minute), watermark.standing(of: start, grain: .minute)
                )
                #expect(standings.0 <= standings.1, "a window was opened again, seed \(seed)")
            }
        }
    }

    @Test(arguments: 0..<50) func theOrderOfReportsDoesNotMatter(seed: UInt64) {
        var random = Seeded(state: seed)
        let reports = (0..<20).map { _ in
            (source: Int.random(in: 0..<4, using: &random), latest: Int64.random(in: 0...5000, using: &random))
        }
        func watermark(after reports: [(source: Int, latest: Int64)]) -> Watermark {
            var watermark = Self.fresh
            for report in reports { watermark.report(report.source, reached: Self.at(report.latest), at: Self.at(0)) }
            watermark.advance(at: Self.at(1))
            return watermark
        }
        #expect(watermark(after: reports) == watermark(after: reports.shuffled(using: &random)), "seed \(seed)")
    }
}
