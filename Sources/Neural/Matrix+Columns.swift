extension Matrix {
    /// The matrices side by side, all of the same number of rows.
    package init(beside parts: [Matrix]) {
        let rows = parts.first?.rows ?? 0
        precondition(parts.allSatisfy { $0.rows == rows }, "matrices of \(parts.map(\.rows)) rows")
        self.init(rows: rows, columns: parts.reduce(0) { $0 + $1.columns })
        var start = 0
        for part in parts {
            for row in 0..<rows {
                let place = row * columns + start
                values.replaceSubrange(
                    place..<place + part.columns, with: part.values[row * part.columns..<(row + 1) * part.columns])
            }
            start += part.columns
        }
    }

    /// Some columns of each row.
    package func columns(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
        var result: [Float] = []
        result.reserveCapacity(rows * range.count)
        for row in 0..<rows { result += values[row * columns + range.lowerBound..<row * columns + range.upperBound] }
        return Matrix(rows: rows, columns: range.count, values: result)
    }
}
