import Neural

/// Adam, for dense parameters: steps scaled by running means of the gradient and its square.
struct Adam {
    private var mean: [Float]
    private var square: [Float]
    private var decayedMean: Float = 1
    private var decayedSquare: Float = 1

    init(count: Int) {
        mean = [Float](repeating: 0, count: count)
        square = mean
    }

    mutating func step(_ parameters: inout [Float], _ gradient: [Float], rate: Float) {
        precondition(parameters.count == mean.count && gradient.count == mean.count, "another set of parameters")
        decayedMean *= 0.9
        decayedSquare *= 0.999
        let rate = rate * (1 - decayedSquare).squareRoot() / (1 - decayedMean)
        for index in parameters.indices {
            mean[index] += 0.1 * (gradient[index] - mean[index])
            square[index] += 0.001 * (gradient[index] * gradient[index] - square[index])
            parameters[index] -= rate * mean[index] / (square[index].squareRoot() + 1e-8)
        }
    }
}

/// Adagrad over the touched rows of a table: rare rows keep taking large steps.
///
/// One sum of squares for each row.
struct SparseAdagrad {
    private var sums: [Float]

    init(rows: Int) { sums = [Float](repeating: 0, count: rows) }

    mutating func step(_ table: inout Matrix, _ gradient: SparseGradient, rate: Float) {
        let width = table.columns
        for row in gradient.touched {
            let change = gradient[row]
            sums[row] += change.reduce(0) { $0 + $1 * $1 } / Float(width)
            let scale = rate / (sums[row].squareRoot() + 1e-8)
            for (column, value) in change.enumerated() { table.values[row * width + column] -= scale * value }
        }
    }
}
