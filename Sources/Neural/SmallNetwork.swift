internal import CKernels

/// Two layers of 32 rectified units and a plain one, for a single item: a quarter of a microsecond, and no memory.
///
/// Sums run in one fixed order without fused operations, never by way of BLAS: the same item gives the same bits in any
/// batch and on any machine.
package struct SmallNetwork: Equatable, Sendable {
    package static let width = Int(GS_NETWORK_WIDTH)

    package let inputs: Int
    package let outputs: Int
    /// Of each layer the biases, then by input the weights towards its units.
    private let weights: [Float]

    /// - Precondition: the layers are `[32, inputs]`, `[32, 32]` and `[outputs, 32]` with at most 32 outputs.
    package init(_ layers: [Linear]) {
        precondition(
            layers.count == 3 && layers[0].weight.rows == Self.width && layers[1].weight.rows == Self.width
                && layers[1].weight.columns == Self.width && layers[2].weight.columns == Self.width
                && layers[2].weight.rows <= Self.width, "layers of another network")
        inputs = layers[0].weight.columns
        outputs = layers[2].weight.rows
        weights = layers.flatMap { layer in
            layer.bias
                + (0..<layer.weight.columns).flatMap { input in
                    (0..<layer.weight.rows).map { layer.weight[$0, input] }
                }
        }
    }

    /// The layers again.
    package var layers: [Linear] {
        var rest = weights[...]
        return [(Self.width, inputs), (Self.width, Self.width), (outputs, Self.width)].map { rows, columns in
            let bias = Array(rest.prefix(rows))
            var weight = Matrix(rows: rows, columns: columns)
            for (index, value) in rest.dropFirst(rows).prefix(rows * columns).enumerated() {
                weight[index % rows, index / rows] = value
            }
            rest = rest.dropFirst(rows + rows * columns)
            return Linear(weight: weight, bias: bias)
        }
    }

    /// The first `outputs` numbers of the result are the answer to the first `inputs` of `x`.
    package func callAsFunction(_ x: SIMD32<Float>) -> SIMD32<Float> {
        precondition(inputs <= Self.width, "\(inputs) inputs do not fit a vector")
        var y = SIMD32<Float>.zero
        withUnsafeBytes(of: x) { x in
            withUnsafeMutableBytes(of: &y) { y in
                weights.withUnsafeBufferPointer { weights in
                    guard let weights = weights.baseAddress, let x = x.bindMemory(to: Float.self).baseAddress,
                        let y = y.bindMemory(to: Float.self).baseAddress
                    else { return }
                    gs_small_network(weights, inputs, outputs, x, y)
                }
            }
        }
        return y
    }
}
