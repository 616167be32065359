/// All that is remembered of a series: below 1 KiB, whatever its length.
///
/// It moves from window to window by `Detector.advance` alone, in backfill and live.
package struct SeriesState: Equatable, Sendable {
    /// Where the newest window began; `nil` before the first one.
    var last: Int64?
    /// How many windows it has seen.
    var windows: Float = 0
    /// How many blocks of maxima have ended.
    var blocks: Float = 0

    /// Fading sums of values and of their seasonal weights, with a memory of a day and of a week.
    ///
    /// One lane for each seasonal strength. The week's quotient is the level; the day's tells the forecaster of trends.
    var dayValue = SIMD4<Float>.zero
    var dayWeight = SIMD4<Float>.zero
    var weekValue = SIMD4<Float>.zero
    var weekWeight = SIMD4<Float>.zero

    var season = Season()
    /// The hour that the season learns from next, what it has brought and what was expected.
    var hour: Int64 = 0
    var hourValue: Float = 0
    var hourExpected: Float = 0
    var hourWindows: Float = 0

    /// Fading sums of values and expectations per view.
    var seen = Lanes.zero
    var expected = Lanes.zero
    /// For counts the part of the variance that grows with the squared mean; for gauges the variance.
    var spread = Lanes.zero
    /// The same sums over some hours: what the forecaster sees of the trend within a day.
    var longSeen: Float = 0
    var longExpected: Float = 0

    var rises: BlockMaxima
    var drops: BlockMaxima
    /// Maxima of what the views say together, in lane 0 of rises and lane 1 of drops.
    var joint: JointMaxima

    init(_ priors: SurprisePriors) {
        rises = BlockMaxima(priors.views)
        drops = BlockMaxima(priors.views)
        joint = JointMaxima(priors.joint)
    }

    /// How long it has watched, in days.
    func age(grain: Int64) -> Float { windows * Float(grain) / 86_400 }
}

/// What surprise is usually like among brands, before a series has a history of its own.
package struct SurprisePriors: Equatable, Sendable {
    /// Block maxima of each view.
    package var views: BlockPrior
    /// Block maxima of what the views say together: mean and deviation.
    package var joint: SIMD2<Float>

    package init(views: BlockPrior, joint: SIMD2<Float>) {
        self.views = views
        self.joint = joint
    }

    /// For gauges, which no weights know: as measured on sixty days of noise that remembers half of its last window.
    ///
    /// There long spans are calmer than short ones; real gauges remember longer than such noise, so none starts calmer.
    package static let gauge = Self(
        views: BlockPrior(mean: Lanes(repeating: 2.4), deviation: Lanes(repeating: 0.5)), joint: [1.4, 1])
}

/// Block maxima of two numbers, of rises and of drops: see `BlockMaxima`.
struct JointMaxima: Equatable, Sendable {
    var mean: SIMD2<Float>
    var variance: SIMD2<Float>
    var open = SIMD2<Float>(repeating: -.infinity)

    init(_ prior: SIMD2<Float>) {
        mean = SIMD2(repeating: prior.x)
        variance = SIMD2(repeating: prior.y * prior.y)
    }

    mutating func close(after blocks: Float) {
        let rate = Gumbel.rate(after: blocks)
        let value = pointwiseMin(open, mean + Gumbel.ceiling * variance.squareRoot())
            .replacing(with: mean, where: open .== -.infinity)
        let difference = value - mean
        mean += rate * difference
        variance.replace(with: variance + rate * (difference * difference - variance), where: open .> -.infinity)
        open = SIMD2(repeating: -.infinity)
    }

    func reduced(_ values: SIMD2<Float>) -> SIMD2<Float> {
        let scale = pointwiseMax(variance, SIMD2(repeating: Gumbel.leastVariance)).squareRoot() * Gumbel.scale
        return (values - mean) / scale + Gumbel.mean
    }
}
