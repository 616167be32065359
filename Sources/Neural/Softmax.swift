/// Probabilities from logits, with an exponential of our own.
///
/// The C library picks its `expf` by processor, and the last bit differs between them. This one uses only
/// additions and multiplications in a fixed order, so the same logits give the same bits on every machine.
package enum Softmax {
    /// `e^x` for `x` at most 0 (larger is taken as 0), with a relative error below 1e-6; 0 under -87.
    package static func exponential(_ x: Float) -> Float {
        guard x > -87 else { return 0 }
        let x = min(x, 0)
        let whole = (x * 1.442_695_04).rounded()
        // ln 2 in two parts keeps the rest exact to the last bit for every whole number in range.
        let rest = (x - whole * 0.693_359_375) - whole * -2.121_944_4e-4
        var series: Float = 1 / 5040
        for coefficient: Float in [1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1] {
            series = series * rest + coefficient
        }
        return series * Float(bitPattern: UInt32(truncatingIfNeeded: Int(whole) + 127) << 23)
    }

    /// Replaces the logits of one row by probabilities.
    package static func normalise(_ row: inout some MutableCollection<Float>) {
        let top = row.max() ?? 0
        var sum: Float = 0
        for index in row.indices {
            row[index] = exponential(row[index] - top)
            sum += row[index]
        }
        for index in row.indices { row[index] /= sum }
    }

    /// The probabilities of each row.
    package static func probabilities(_ logits: Matrix) -> Matrix {
        var result = logits
        for row in 0..<result.rows {
            normalise(&result.values[row * result.columns..<(row + 1) * result.columns])
        }
        return result
    }
}
