/// `y = x·Wᵀ + b` over a whole batch: one BLAS call, no loop per post.
///
/// - `weight` is `[outputs, inputs]`, `bias` is `[outputs]`; `x` is `[batch, inputs]`.
package struct Linear: Equatable, Sendable {
    package var weight: Matrix
    package var bias: [Float]

    package init(weight: Matrix, bias: [Float]) {
        precondition(bias.count == weight.rows, "\(bias.count) biases for \(weight.rows) outputs")
        self.weight = weight
        self.bias = bias
    }

    package func callAsFunction(_ x: Matrix) -> Matrix {
        precondition(x.columns == weight.columns, "layer wants \(weight.columns) inputs, batch has \(x.columns)")
        var y = x.timesTransposed(weight)
        for row in 0..<y.rows {
            for column in 0..<y.columns { y[row, column] += bias[column] }
        }
        return y
    }

    /// The gradients of input, weight and bias, given that of the output.
    package func backward(_ x: Matrix, _ dy: Matrix) -> (x: Matrix, weight: Matrix, bias: [Float]) {
        precondition(dy.rows == x.rows && dy.columns == weight.rows, "gradient of another batch")
        var db = [Float](repeating: 0, count: bias.count)
        for row in 0..<dy.rows {
            for column in 0..<dy.columns { db[column] += dy[row, column] }
        }
        return (dy.times(weight), dy.transposedTimes(x), db)
    }
}
