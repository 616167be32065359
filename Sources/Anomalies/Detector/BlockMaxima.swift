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

    mutating func see(_ values: Lanes) { open = pointwiseMax(open, values) }

    /// Ends a block.
    ///
    /// A maximum counts for no more than what is expected once in the whole memory: one great crisis must not make the
    /// brand deaf for weeks.
    mutating func close(after blocks: Float) {
        let rate = Gumbel.rate(after: blocks)
        let ceiling = mean + Gumbel.memoryQuantile * variance.squareRoot()
        let value = pointwiseMin(open, ceiling)
        let difference = value - mean
        mean += rate * difference
        variance += rate * (difference * difference - variance)
        open = Lanes(repeating: -.infinity)
    }

    /// How many Gumbel scales a value lies above the location: about the logarithm of its return period in blocks.
    func reduced(_ values: Lanes) -> Lanes {
        let scale = pointwiseMax(variance, Lanes(repeating: Gumbel.leastVariance)).squareRoot() * Gumbel.scale
        return (values - mean) / scale + Gumbel.euler
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
    /// Euler's constant: the mean of the standard Gumbel law.
    static let euler: Float = 0.577_215_7
    /// √6/π: the scale of a Gumbel law of deviation 1.
    static let scale: Float = 0.779_696_8
    /// Four weeks of half days are remembered.
    static let memory: Float = 56
    /// The usual law among brands weighs as much as two days.
    static let priorBlocks: Float = 4
    /// (ln 56 − γ)·√6/π: how many deviations above the mean lies what comes once in the memory.
    static let memoryQuantile: Float = 2.688_5
    /// Below it a constant series would find the last digit of a number surprising.
    static let leastVariance: Float = 0.01

    static func rate(after blocks: Float) -> Float { 1 / min(blocks + 1 + priorBlocks, memory) }

    /// The logarithm of the return period in blocks of a reduced value.
    ///
    /// −ln(1 − exp(−exp(−y))): near y for rare values, and near 0 for common ones.
    static func logReturnPeriod(_ y: Float) -> Float {
        if y > 8 { return y }
        let expected = Elementary.exponential(-max(y, -4))
        // The chance that a block stays below is e^-expected; for small ones the difference from 1 would lose its digits.
        let above = expected < 1e-2 ? expected * (1 - expected / 2) : 1 - Elementary.exponential(-expected)
        return -Elementary.logarithm(above)
    }

    /// The reduced value with the given logarithm of its return period in blocks.
    static func reduced(logReturnPeriod: Float) -> Float {
        let below = 1 - Elementary.exponential(-max(logReturnPeriod, 1e-3))
        return -Elementary.logarithm(max(-Elementary.logarithm(max(below, 1e-6)), 1e-6))
    }
}
