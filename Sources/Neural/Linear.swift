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

    /// The same with sums in a fixed order: a row gets the same bits whatever rows stand beside it.
    ///
    /// BLAS picks another order for each size of batch, and is faster where that does not matter.
    package func inFixedOrder(_ x: Matrix) -> Matrix {
        precondition(x.columns == weight.columns, "layer wants \(weight.columns) inputs, batch has \(x.columns)")
        var y = Matrix(rows: x.rows, columns: weight.rows)
        x.values.withUnsafeBufferPointer { x in
            weight.values.withUnsafeBufferPointer { weights in
                for row in 0..<y.rows {
                    for column in 0..<y.columns {
                        let (left, right) = (row * weight.columns, column * weight.columns)
                        var lanes = SIMD8<Float>()
                        var place = 0
                        while place + 8 <= weight.columns {
                            for lane in 0..<8 {
                                lanes[lane] += x[left + place + lane] * weights[right + place + lane]
                            }
                            place += 8
                        }
                        var sum = bias[column] + lanes.sum()
                        while place < weight.columns {
                            sum += x[left + place] * weights[right + place]
                            place += 1
                        }
                        y[row, column] = sum
                    }
                }
            }
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
