/// A 1-D convolution over the rows of a packed batch, then a bias.
///
/// - `weight` is `[span · inputs, filters]`: a block of `inputs` rows for each offset, from the earliest row of a span.
/// - The span is odd and centred, so row `r` of the output belongs to row `r` of the input. The first and last
///   `span / 2` rows stay zero: a packed batch has padding rows there and between its texts.
/// - One BLAS call for each offset, whatever the number of texts.
package struct Convolution: Equatable, Sendable {
    package var weight: Matrix
    package var bias: [Float]
    package let span: Int

    package var inputs: Int { weight.rows / span }
    package var filters: Int { weight.columns }

    package init(weight: Matrix, bias: [Float], span: Int) {
        precondition(span > 0 && span % 2 == 1 && weight.rows % span == 0, "\(weight.rows) rows for a span of \(span)")
        precondition(bias.count == weight.columns, "\(bias.count) biases for \(weight.columns) filters")
        self.weight = weight
        self.bias = bias
        self.span = span
    }

    package func callAsFunction(_ x: Matrix) -> Matrix {
        precondition(x.columns == inputs, "convolution wants \(inputs) inputs, batch has \(x.columns)")
        var y = Matrix(rows: x.rows, columns: filters)
        let reach = span / 2
        let rows = x.rows - 2 * reach
        guard rows > 0 else { return y }
        for row in reach..<reach + rows {
            for filter in 0..<filters { y.values[row * filters + filter] = bias[filter] }
        }
        for offset in 0..<span {
            BLAS.multiply(
                x.values, from: offset * inputs, weight.values, from: offset * inputs * filters, into: &y.values,
                from: reach * filters, m: rows, n: filters, k: inputs, keeping: 1)
        }
        return y
    }

    /// The gradients of input, weight and bias, given that of the output.
    package func backward(_ x: Matrix, _ dy: Matrix) -> (x: Matrix, weight: Matrix, bias: [Float]) {
        precondition(dy.rows == x.rows && dy.columns == filters, "gradient of another batch")
        var dx = Matrix(rows: x.rows, columns: inputs)
        var dw = Matrix(rows: weight.rows, columns: filters)
        var db = [Float](repeating: 0, count: filters)
        let reach = span / 2
        let rows = x.rows - 2 * reach
        guard rows > 0 else { return (dx, dw, db) }
        for offset in 0..<span {
            BLAS.multiply(
                dy.values, from: reach * filters, weight.values, from: offset * inputs * filters, into: &dx.values,
                from: offset * inputs, m: rows, n: inputs, k: filters, transposed: .right, keeping: 1)
            BLAS.multiply(
                x.values, from: offset * inputs, dy.values, from: reach * filters, into: &dw.values,
                from: offset * inputs * filters, m: inputs, n: filters, k: rows, transposed: .left)
        }
        for row in reach..<reach + rows {
            for filter in 0..<filters { db[filter] += dy.values[row * filters + filter] }
        }
        return (dx, dw, db)
    }
}
