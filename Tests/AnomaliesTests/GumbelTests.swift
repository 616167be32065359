import Foundation
import Harness
import Testing

@testable import Anomalies

struct GumbelTests {
    @Test func aReturnPeriodIsThatOfItsLawAndFadesBeyondAYear() {
        for y in stride(from: Float(-3), through: 6.5, by: 0.25) {
            let found = Gumbel.logReturnPeriod(Lanes(repeating: y))[5]
            let expected = -log(-expm1(-exp(-Double(y))))
            #expect(abs(Double(found) - expected) < 2e-4, "at \(y): \(found) instead of \(expected)")
        }
        let far = Gumbel.logReturnPeriod(Lanes(repeating: 20))[0]
        #expect(abs(far - (Gumbel.credible + log(1 + 20 - Gumbel.credible))) < 1e-3)
        #expect(Gumbel.logReturnPeriod(Lanes(repeating: -1e9))[0] >= 0)
        #expect(Gumbel.logReturnPeriod(Lanes(repeating: 1e9))[0].isFinite)
    }

    @Test func theCutLawHasTheMeanAndDeviationThatTheFitAssumes() {
        var random = Seeded(state: 8)
        let cut = -log(-log(1 - 1 / 14.0))
        let draws = (0..<400_000).map { _ in min(-log(-log(Double.random(in: 1e-12..<1, using: &random))), cut) }
        let mean = draws.reduce(0, +) / Double(draws.count)
        let deviation = (draws.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(draws.count)).squareRoot()
        #expect(abs(mean - Double(Gumbel.mean)) < 0.01 && abs(deviation * Double(Gumbel.scale) - 1) < 0.01, "seed 8")
    }

    @Test func exponentialsOfLanesAreThoseOfTheLibrary() {
        for x in stride(from: Float(-80), through: 80, by: 0.37) {
            let found = Double(Elementary.exponential(Lanes(repeating: x))[3])
            #expect(abs(found / exp(Double(x)) - 1) < 1e-6, "e^\(x)")
        }
    }
}
