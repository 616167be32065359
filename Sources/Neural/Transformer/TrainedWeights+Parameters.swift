extension TrainedWeights {
    /// Zeros of the same form, to add gradients to.
    package var zeros: TrainedWeights {
        var result = self
        result.visit { array, _, _ in for index in array.indices { array[index] = 0 } }
        return result
    }

    /// Calls `body` with each array of parameters, the layer it belongs to (-1: the norm of the embeddings), and
    /// whether it is a matrix.
    ///
    /// The order is always the same.
    package mutating func visit(
        _ body: (inout [Float], _ layer: Int, _ isMatrix: Bool) throws -> Void
    ) rethrows {
        try body(&embeddingNorm.gain, -1, false)
        try body(&embeddingNorm.bias, -1, false)
        for layer in layers.indices {
            for path in EncoderLayer.matrices { try body(&layers[layer][keyPath: path], layer, true) }
            for path in EncoderLayer.vectors { try body(&layers[layer][keyPath: path], layer, false) }
        }
    }

    /// All arrays in the order of ``visit(_:)``.
    package var arrays: [[Float]] {
        [embeddingNorm.gain, embeddingNorm.bias]
            + layers.flatMap { layer in
                (EncoderLayer.matrices + EncoderLayer.vectors).map { layer[keyPath: $0] }
            }
    }

    /// Adds another set of the same form, scaled.
    package mutating func add(_ other: TrainedWeights, scaled scale: Float = 1) {
        let arrays = other.arrays
        var index = 0
        visit { array, _, _ in
            Vector.add(arrays[index], scaled: scale, to: &array)
            index += 1
        }
    }
}
