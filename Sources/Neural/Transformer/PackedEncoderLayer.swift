import Foundation

/// An ``EncoderLayer`` packed for inference.
struct PackedEncoderLayer: Sendable {
    let attention: PackedLinear
    let attentionOutput: PackedLinear
    let attentionNorm: LayerNorm
    let up: PackedLinear
    let down: PackedLinear
    let outputNorm: LayerNorm

    init(_ layer: EncoderLayer, shape: EncoderShape, precision: Precision) {
        attention = PackedLinear(Self.scaled(layer.attention, shape), precision: precision)
        attentionOutput = PackedLinear(layer.attentionOutput, precision: precision)
        attentionNorm = layer.attentionNorm
        up = PackedLinear(layer.up, precision: precision)
        down = PackedLinear(layer.down, precision: precision)
        outputNorm = layer.outputNorm
    }

    /// Queries multiplied so that scores come out as powers of two: a softmax without a product per score.
    private static func scaled(_ attention: Linear, _ shape: EncoderShape) -> Linear {
        var result = attention
        let scale = Float(1 / (log(2) * Double(shape.headWidth).squareRoot()))
        for index in 0..<shape.width * shape.width { result.weight.values[index] *= scale }
        for index in 0..<shape.width { result.bias[index] *= scale }
        return result
    }
}
