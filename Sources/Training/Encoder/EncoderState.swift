package import Neural

/// Everything that training changes: enough to go on where it stopped.
package struct EncoderState: Sendable {
    package var trained: TrainedWeights
    package var heads: [Linear]
    /// The steps of each array of `trained` in its order, then weight and bias of each head.
    package var optimisers: [AdamW]
    /// Steps done.
    package var step = 0

    init(trained: TrainedWeights, classes: [Int], width: Int, seed: UInt64) {
        self.trained = trained
        var random = SplitMix(seed: seed)
        heads = classes.map { count in
            Linear(
                weight: Matrix(rows: count, columns: width, deviation: 0.02, using: &random),
                bias: [Float](repeating: 0, count: count))
        }
        optimisers = trained.arrays.map { AdamW(count: $0.count) }
        for head in heads {
            optimisers.append(AdamW(count: head.weight.values.count))
            optimisers.append(AdamW(count: head.bias.count))
        }
    }

    /// One step along a gradient.
    mutating func apply(
        _ gradient: TrainedWeights, head: Int, _ headGradient: Linear, settings: EncoderSettings, schedule: Float
    ) {
        step += 1
        let arrays = gradient.arrays
        var square = Vector.dot(headGradient.weight.values, headGradient.weight.values)
        square += Vector.dot(headGradient.bias, headGradient.bias)
        for array in arrays { square += Vector.dot(array, array) }
        let scale = min(1, settings.clip / max(Float(square.squareRoot()), 1e-12))
        let count = trained.layers.count
        var index = 0
        trained.visit { array, layer, isMatrix in
            let rate = settings.rate * schedule * Self.power(settings.layerDecay, count - 1 - layer)
            optimisers[index].step(
                &array, arrays[index], rate: rate, decay: isMatrix ? settings.weightDecay : 0, scale: scale, step: step)
            index += 1
        }
        let place = arrays.count + 2 * head
        let rate = settings.headRate * schedule
        optimisers[place].step(
            &heads[head].weight.values, headGradient.weight.values, rate: rate, decay: settings.weightDecay,
            scale: scale, step: step)
        optimisers[place + 1].step(
            &heads[head].bias, headGradient.bias, rate: rate, decay: 0, scale: scale, step: step)
    }

    private static func power(_ base: Float, _ exponent: Int) -> Float {
        (0..<exponent).reduce(1) { result, _ in result * base }
    }
}
