/// A dense row-major matrix of 32-bit floats: a row for each item of a batch.
package struct Matrix: Equatable, Sendable {
    package let rows: Int
    package let columns: Int
    package var values: [Float]

    /// A matrix of zeros.
    package init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix of \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        values = [Float](repeating: 0, count: rows * columns)
    }

    package init(rows: Int, columns: Int, values: [Float]) {
        precondition(values.count == rows * columns, "\(rows) × \(columns) needs other than \(values.count) values")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// A matrix of normal deviates with the given standard deviation.
    package init(rows: Int, columns: Int, deviation: Float, using random: inout SplitMix) {
        self.init(rows: rows, columns: columns)
        for index in values.indices { values[index] = random.normal() * deviation }
    }

    package subscript(row: Int, column: Int) -> Float {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// `self·other`.
    package func times(_ other: Matrix) -> Matrix {
        precondition(columns == other.rows, "\(columns) columns against \(other.rows) rows")
        var product = Matrix(rows: rows, columns: other.columns)
        BLAS.multiply(values, other.values, into: &product.values, m: rows, n: other.columns, k: columns)
        return product
    }

    /// `self·otherᵀ`.
    package func timesTransposed(_ other: Matrix) -> Matrix {
        precondition(columns == other.columns, "\(columns) columns against \(other.columns)")
        var product = Matrix(rows: rows, columns: other.rows)
        BLAS.multiply(
            values, other.values, into: &product.values, m: rows, n: other.rows, k: columns, transposed: .right)
        return product
    }

    /// `selfᵀ·other`.
    package func transposedTimes(_ other: Matrix) -> Matrix {
        precondition(rows == other.rows, "\(rows) rows against \(other.rows)")
        var product = Matrix(rows: columns, columns: other.columns)
        BLAS.multiply(
            values, other.values, into: &product.values, m: columns, n: other.columns, k: rows, transposed: .left)
        return product
    }
}

/// Operations on plain vectors, for optimisers.
package enum Vector {
    /// `y += scale·x`.
    package static func add(_ x: [Float], scaled scale: Float = 1, to y: inout [Float]) {
        BLAS.add(x, scaled: scale, to: &y)
    }

    /// The inner product, added up in double precision.
    package static func dot(_ x: [Float], _ y: [Float]) -> Double { BLAS.dot(x, y) }
}

extension Vector {
    /// The first `rows · columns` values of `product` become `left·right`, on buffers that the caller keeps.
    ///
    /// - `left` begins with a `[rows, inner]` matrix; `right` is `[inner, columns]`.
    /// - Where all values are whole and every sum of products stays below 2^24, the result is exact, and so the same
    ///   whatever order, fused operations or kernel BLAS picks.
    package static func multiply(
        _ left: [Float], rows: Int, inner: Int, _ right: [Float], columns: Int, into product: inout [Float]
    ) {
        BLAS.multiply(left, right, into: &product, m: rows, n: columns, k: inner)
    }
}
