/// Bags of row numbers, stored flat: bag `n` is `ids[ends[n-1]..<ends[n]]`.
package struct Bags: Equatable, Sendable {
    package private(set) var ids: [UInt32] = []
    package private(set) var ends: [Int] = []

    package init() {}

    package var count: Int { ends.count }

    package subscript(bag: Int) -> Range<Int> { (bag == 0 ? 0 : ends[bag - 1])..<ends[bag] }

    package mutating func append(_ bag: some Sequence<UInt32>) {
        ids.append(contentsOf: bag)
        ends.append(ids.count)
    }

    package mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }
}

/// Looks up the rows of each bag in a table and averages them; an empty bag gives zeros.
///
/// - `table` is `[rows, width]`; the output is `[bags, width]`.
package struct EmbeddingBag: Equatable, Sendable {
    package var table: Matrix

    package init(table: Matrix) { self.table = table }

    package func callAsFunction(_ bags: Bags) -> Matrix {
        let width = table.columns
        var output = Matrix(rows: bags.count, columns: width)
        output.values.withUnsafeMutableBufferPointer { output in
            table.values.withUnsafeBufferPointer { table in
                for bag in 0..<bags.count {
                    let range = bags[bag]
                    let share = 1 / Float(max(range.count, 1))
                    for index in range {
                        let row = Int(bags.ids[index]) * width
                        for column in 0..<width { output[bag * width + column] += table[row + column] * share }
                    }
                }
            }
        }
        return output
    }

    /// Adds the gradient of the table, given that of the output, to `gradient`.
    package func backward(_ output: Matrix, _ bags: Bags, into gradient: inout SparseGradient) {
        precondition(output.rows == bags.count && output.columns == table.columns, "gradient of another batch")
        let width = table.columns
        for bag in 0..<bags.count {
            let range = bags[bag]
            let share = 1 / Float(max(range.count, 1))
            for index in range {
                gradient.add(output.values[bag * width..<(bag + 1) * width], times: share, toRow: Int(bags.ids[index]))
            }
        }
    }
}

/// The gradient of a large table of which a batch touches few rows.
package struct SparseGradient: Sendable {
    package let width: Int
    /// The rows that are not zero, in the order of their first touch.
    package private(set) var touched: [Int] = []
    private var isTouched: [Bool]
    private var values: [Float]

    package init(rows: Int, width: Int) {
        self.width = width
        isTouched = [Bool](repeating: false, count: rows)
        values = [Float](repeating: 0, count: rows * width)
    }

    package subscript(row: Int) -> ArraySlice<Float> { values[row * width..<(row + 1) * width] }

    package mutating func add(_ gradient: ArraySlice<Float>, times scale: Float, toRow row: Int) {
        if !isTouched[row] {
            isTouched[row] = true
            touched.append(row)
        }
        gradient.withUnsafeBufferPointer { gradient in
            values.withUnsafeMutableBufferPointer { values in
                for column in 0..<width { values[row * width + column] += gradient[column] * scale }
            }
        }
    }

    /// Back to zero, at the cost of the touched rows only.
    package mutating func reset() {
        for row in touched {
            isTouched[row] = false
            for index in row * width..<(row + 1) * width { values[index] = 0 }
        }
        touched.removeAll(keepingCapacity: true)
    }
}
