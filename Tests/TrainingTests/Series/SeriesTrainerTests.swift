import Anomalies
import Neural
import Testing

@testable import Training

struct SeriesTrainerTests {
    @Test func aFewHistoriesTeachMoreThanTheBaselineKnows() throws {
        var settings = SeriesTrainer.Settings()
        settings.histories = 40
        settings.days = 9
        settings.epochs = 12
        settings.batch = 64
        settings.stride = 8
        var last: SeriesTrainer.Progress?
        let forecaster = SeriesTrainer(settings: settings).train { last = $0 }
        let progress = try #require(last)
        #expect(progress.loss < progress.baseline - 0.02, "\(progress)")
        let read = try Forecaster(Safetensors(bytes: forecaster.file(version: "test").bytes))
        #expect(read == forecaster)
    }

    @Test(arguments: [(0.0, -1.0, -2.0), (3, 1.5, -4), (40, 2, 0.5), (500, 6, -1)] as [(Double, Double, Double)])
    func theSlopesOfTheLossAreThoseOfItsValue(count: Double, logMean: Double, logSpread: Double) {
        func loss(_ mean: Double, _ spread: Double) -> Double {
            NegativeBinomialLoss.loss(count: count, logMean: mean, logSpread: spread).value
        }
        let step = 1e-5
        let found = NegativeBinomialLoss.loss(count: count, logMean: logMean, logSpread: logSpread)
        let byMean = (loss(logMean + step, logSpread) - loss(logMean - step, logSpread)) / (2 * step)
        let bySpread = (loss(logMean, logSpread + step) - loss(logMean, logSpread - step)) / (2 * step)
        #expect(abs(found.mean - byMean) < 1e-4 * max(1, abs(byMean)))
        #expect(abs(found.spread - bySpread) < 1e-4 * max(1, abs(bySpread)))
    }

    @Test(arguments: [0.5, 4, 30, 200]) func drawnCountsHaveTheLawsMeanAndVariance(mean: Double) {
        var random = SplitMix(seed: 17)
        let spread = 0.2
        let counts = (0..<40_000).map { _ in CountSampler.count(mean: mean, spread: spread, using: &random) }
        let found = counts.reduce(0, +) / Double(counts.count)
        let variance = counts.reduce(0) { $0 + ($1 - found) * ($1 - found) } / Double(counts.count)
        #expect(abs(found / mean - 1) < 0.03, "seed 17: mean \(found)")
        #expect(abs(variance / (mean + spread * mean * mean) - 1) < 0.08, "seed 17: variance \(variance)")
    }
}
