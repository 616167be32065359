/// The law of a number's largest value per block of time: a Gumbel distribution fitted by its running moments.
///
/// It starts from what is usual among brands and moves to what is usual for this one.
struct BlockMaxima: Equatable, Sendable {
    var mean: Lanes
    var variance: Lanes
    /// The largest values in the block that is still open.
    var open: Lanes

    init(_ prior: BlockPrior) {
        mean = prior.mean
        variance = prior.deviation * prior.deviation
        open = Lanes(repeating: -.infinity)
    }

    mutating func see(_ values: Lanes) { open = greater(open, values) }

    /// Ends a block.
    ///
    /// A maximum counts for no more than what is expected once a week: the crises of a month must not make the brand deaf
    /// in the next. The fit knows that its sample is cut, so ordinary months are not misjudged for it.
    mutating func close(after blocks: Float) {
        let rate = Gumbel.rate(after: blocks)
        let ceiling = mean + Gumbel.ceiling * variance.squareRoot()
        // A direction that is not watched, or a block in a gap, brings nothing.
        let value = lesser(open, ceiling).replacing(with: mean, where: open .== -.infinity)
        let difference = value - mean
        mean += rate * difference
        let moved = variance + rate * (difference * difference - variance)
        variance.replace(with: moved, where: open .> -.infinity)
        open = Lanes(repeating: -.infinity)
    }

    /// How many Gumbel scales a value lies above the location: about the logarithm of its return period in blocks.
    func reduced(_ values: Lanes) -> Lanes {
        let scale = greater(variance, Lanes(repeating: Gumbel.leastVariance)).squareRoot() * Gumbel.scale
        return (values - mean) / scale + Gumbel.mean
    }
}

/// What block maxima are usually like, learned from many histories.
package struct BlockPrior: Equatable, Sendable {
    package var mean: Lanes
    package var deviation: Lanes

    package init(mean: Lanes, deviation: Lanes) {
        self.mean = mean
        self.deviation = deviation
    }
}

enum Gumbel {
    /// Mean of a standard Gumbel variate that is cut where it exceeds once in fourteen times.
    static let mean: Float = 0.504_458
    /// One over its deviation.
    static let scale: Float = 1 / 1.094_584
    /// How many of its deviations above its mean the cut lies: (2.602232 − 0.504458)/1.094584.
    static let ceiling: Float = 1.916_504
    /// Four weeks of half days are remembered.
    static let memory: Float = 56
    /// The usual law among brands weighs as much as two days.
    static let priorBlocks: Float = 4
    /// Below it a constant series would find the last digit of a number surprising.
    static let leastVariance: Float = 0.01

    static func rate(after blocks: Float) -> Float { 1 / min(blocks + 1 + priorBlocks, memory) }

    /// The longest return period that is taken at its word: a year of half days.
    static let credible: Float = 6.593

    /// The logarithm of the return period in blocks of reduced values: never negative, so that a view that sees nothing
    /// says nothing, however deep its calm.
    ///
    /// −ln(1 − exp(−exp(−y))): near y for rare values, and near 0 for common ones. No law is known beyond a year from weeks
    /// of maxima: what is claimed beyond counts by its logarithm alone.
    static func logReturnPeriod(_ y: Lanes) -> Lanes {
        let bounded = greater(lesser(y, Lanes(repeating: 60)), Lanes(repeating: -4))
        let expected = Elementary.exponential(-bounded)
        // The chance that a block stays below is e^-expected; for small ones the difference from 1 would lose its digits.
        let few = expected * (1 - expected / 2)
        let above = (1 - Elementary.exponential(-expected)).replacing(with: few, where: expected .< 1e-2)
        let period = -Elementary.logarithm(above)
        guard period.max() > credible else { return period }
        let beyond = greater(period - credible, .zero)
        return lesser(period, Lanes(repeating: credible)) + Elementary.logarithm(beyond + 1)
    }
}
