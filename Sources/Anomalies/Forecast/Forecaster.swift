package import Neural

/// A small network that forecasts the next window of any brand.
///
/// - Input: `features`, all relative to the seasonal baseline, so that brands of all sizes share the weights.
/// - Output: the ratio of the expected count to the baseline's, and the spread of a negative binomial about it.
package struct Forecaster: Equatable, Sendable {
    package static let inputs = 24

    package let network: SmallNetwork
    package var priors: SurprisePriors

    /// What it says of a window.
    package struct Forecast: Equatable, Sendable {
        package var ratio: Float
        package var spread: Float
    }

    /// The forecaster may move the baseline by a factor of up to 20 either way.
    package static let ratioBound: Float = 3
    /// Logarithms of spreads, from nearly Poisson to 2.7.
    package static let spreadRange: ClosedRange<Float> = -6...1

    /// - Precondition: layers of 24 inputs and two outputs: the logarithms of ratio and spread.
    package init(_ layers: [Linear], priors: SurprisePriors) {
        network = SmallNetwork(layers)
        precondition(network.inputs == Self.inputs && network.outputs == 2, "layers of another forecaster")
        self.priors = priors
    }

    package func forecast(_ features: SIMD32<Float>) -> Forecast {
        let output = network(features)
        let spread = min(max(output[1], Self.spreadRange.lowerBound), Self.spreadRange.upperBound)
        return Forecast(
            ratio: Elementary.exponential(output[0].clamped(to: Self.ratioBound)),
            spread: Elementary.exponential(spread))
    }
}
