/// The mean over many series of what their block maxima are like: where a new series starts.
package struct UsualSurprise: Sendable {
    private var series: Float = 0
    private var mean = Lanes.zero
    private var variance = Lanes.zero
    private var jointMean: Float = 0
    private var jointVariance: Float = 0

    package init() {}

    package mutating func add(_ state: SeriesState) {
        series += 1
        mean += state.rises.mean
        variance += state.rises.variance
        jointMean += state.joint.mean.x
        jointVariance += state.joint.variance.x
    }

    /// - Precondition: at least one series was added.
    package var priors: SurprisePriors {
        precondition(series > 0, "priors of no series")
        return SurprisePriors(
            views: BlockPrior(mean: mean / series, deviation: (variance / series).squareRoot()),
            joint: [jointMean / series, (jointVariance / series).squareRoot()])
    }
}
