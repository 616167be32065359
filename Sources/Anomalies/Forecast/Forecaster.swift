package import Neural

/// A small network that forecasts the next window of any brand.
///
/// - Input: `features`, all relative to the seasonal baseline, so that brands of all sizes share the weights.
/// - Output: the ratio of the expected count to the baseline's, and the spread of a negative binomial about it.
/// - Every sum runs in one fixed order per series, never by way of BLAS: alone or in a batch, on any machine, the bits agree.
package struct Forecaster: Equatable, Sendable {
    package static let inputs = 20
    package static let width = 32

    /// By input, then hidden unit: one vector for each input.
    var first: [SIMD32<Float>]
    var firstBias: SIMD32<Float>
    var second: [SIMD32<Float>]
    var secondBias: SIMD32<Float>
    /// The outputs: logarithm of the ratio, logarithm of the spread.
    var ratio: SIMD32<Float>
    var spread: SIMD32<Float>
    var outputBias: SIMD2<Float>
    package var priors: SurprisePriors

    /// What it says of a window.
    package struct Forecast: Equatable, Sendable {
        package var ratio: Float
        package var spread: Float
    }

    /// The forecaster may move the baseline by a factor of up to 20 either way.
    package static let ratioBound: Float = 3
    /// Spreads reach from nearly Poisson, 0.0025, to 2.7.
    package static let spreadRange: ClosedRange<Float> = -6...1

    package func forecast(_ features: SIMD32<Float>) -> Forecast {
        var hidden = firstBias
        for input in 0..<Self.inputs { hidden += first[input] * features[input] }
        hidden.clamp(lowerBound: .zero, upperBound: SIMD32(repeating: .greatestFiniteMagnitude))
        var deeper = secondBias
        for unit in 0..<Self.width { deeper += second[unit] * hidden[unit] }
        deeper.clamp(lowerBound: .zero, upperBound: SIMD32(repeating: .greatestFiniteMagnitude))
        let ratio = (deeper * ratio).sum() + outputBias.x
        let spread = (deeper * spread).sum() + outputBias.y
        return Forecast(
            ratio: Elementary.exponential(ratio.clamped(to: Self.ratioBound)),
            spread: Elementary.exponential(min(max(spread, Self.spreadRange.lowerBound), Self.spreadRange.upperBound)))
    }
}

extension Forecaster {
    /// From layers as training has them: `[32, 20]`, `[32, 32]`, `[2, 32]`.
    package init(_ layers: [Linear], priors: SurprisePriors) {
        precondition(
            layers.map(\.weight.columns) == [Self.inputs, Self.width, Self.width]
                && layers.map(\.weight.rows) == [Self.width, Self.width, 2], "layers of another forecaster")
        first = Self.columns(layers[0].weight)
        firstBias = SIMD32(layers[0].bias)
        second = Self.columns(layers[1].weight)
        secondBias = SIMD32(layers[1].bias)
        ratio = SIMD32(layers[2].weight.values[0..<Self.width])
        spread = SIMD32(layers[2].weight.values[Self.width...])
        outputBias = SIMD2(layers[2].bias)
        self.priors = priors
    }

    /// The layers again.
    package var layers: [Linear] {
        var output = Matrix(rows: 2, columns: Self.width)
        for unit in 0..<Self.width {
            output[0, unit] = ratio[unit]
            output[1, unit] = spread[unit]
        }
        return [
            Linear(weight: Self.matrix(first), bias: Self.array(firstBias)),
            Linear(weight: Self.matrix(second), bias: Self.array(secondBias)),
            Linear(weight: output, bias: [outputBias.x, outputBias.y]),
        ]
    }

    private static func array(_ vector: SIMD32<Float>) -> [Float] { vector.indices.map { vector[$0] } }

    private static func columns(_ weight: Matrix) -> [SIMD32<Float>] {
        (0..<weight.columns).map { input in SIMD32((0..<weight.rows).map { weight[$0, input] }) }
    }

    private static func matrix(_ columns: [SIMD32<Float>]) -> Matrix {
        var weight = Matrix(rows: width, columns: columns.count)
        for (input, column) in columns.enumerated() {
            for unit in 0..<width { weight[unit, input] = column[unit] }
        }
        return weight
    }
}
