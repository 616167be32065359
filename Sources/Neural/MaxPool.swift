/// The largest non-negative value of each column over each segment of rows: a rectifier and a max pool in one.
///
/// A segment without rows, or with negative values only, gives 0.
package enum MaxPool {
    /// The pooled rows and, for each of their values, the row it came from (-1: none was above 0).
    package struct Output: Sendable {
        package var values: Matrix
        package var sources: [Int32]
    }

    package static func forward(_ x: Matrix, segments: [Range<Int>]) -> Output {
        let width = x.columns
        var pooled = Matrix(rows: segments.count, columns: width)
        var sources = [Int32](repeating: -1, count: segments.count * width)
        pooled.values.withUnsafeMutableBufferPointer { pooled in
            sources.withUnsafeMutableBufferPointer { sources in
                x.values.withUnsafeBufferPointer { x in
                    for (index, segment) in segments.enumerated() {
                        for row in segment {
                            for column in 0..<width where x[row * width + column] > pooled[index * width + column] {
                                pooled[index * width + column] = x[row * width + column]
                                sources[index * width + column] = Int32(truncatingIfNeeded: row)
                            }
                        }
                    }
                }
            }
        }
        return Output(values: pooled, sources: sources)
    }

    /// The gradient of the input, `[rows, columns]`, given that of the pooled rows.
    package static func backward(_ output: Output, _ dy: Matrix, rows: Int) -> Matrix {
        precondition(dy.values.count == output.sources.count, "gradient of another batch")
        var dx = Matrix(rows: rows, columns: dy.columns)
        for (index, source) in output.sources.enumerated() where source >= 0 {
            dx.values[Int(source) * dy.columns + index % dy.columns] += dy.values[index]
        }
        return dx
    }
}
