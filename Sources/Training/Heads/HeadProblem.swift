import Domain
import Neural

/// The function that a head minimises: the loss of its labels and the pull towards the general answer.
struct HeadProblem {
    /// Trust, biases and weights of a head.
    struct Solution {
        /// Trust, then the biases, then the weights class by class.
        fileprivate(set) var parameters: [Double]

        var trust: Double { parameters[0] }
        var biases: [Double] { Array(parameters[1..<1 + HeadProblem.classes]) }
        var weights: [Double] { Array(parameters[(1 + HeadProblem.classes)...]) }
    }

    static let classes = SentimentLabel.allCases.count

    /// Features, a row for each text.
    let rows: Matrix
    /// Logarithms of the general model's probabilities.
    let prior: [[Float]]
    let labels: [Int]
    /// How strongly trust is drawn towards 1, and biases towards 0.
    let anchor: Double

    /// Some of the texts.
    subscript(indices: [Int]) -> HeadProblem {
        HeadProblem(
            rows: rows.rows(at: indices), prior: indices.map { prior[$0] }, labels: indices.map { labels[$0] },
            anchor: anchor)
    }

    /// - Parameter start: a solution that is near; the general answer when there is none.
    func solution(ridge: Double, from start: Solution?) -> Solution {
        let general = [1.0] + [Double](repeating: 0, count: Self.classes * (1 + rows.columns))
        return Solution(
            parameters: Minimiser.minimum(from: start?.parameters ?? general) { point, gradient in
                loss(point, &gradient, ridge: ridge)
            })
    }

    /// The logits of all texts by a solution.
    func logits(_ solution: Solution) -> [[Double]] {
        let logits = self.logits(solution.parameters)
        return (0..<logits.rows).map { row in (0..<Self.classes).map { Double(logits[row, $0]) } }
    }

    private func logits(_ point: [Double]) -> Matrix {
        let weights = Matrix(
            rows: Self.classes, columns: rows.columns, values: point[(1 + Self.classes)...].map(Float.init))
        var logits = rows.timesTransposed(weights)
        let trust = Float(point[0])
        for row in 0..<logits.rows {
            for label in 0..<Self.classes { logits[row, label] += Float(point[1 + label]) + trust * prior[row][label] }
        }
        return logits
    }

    private func loss(_ point: [Double], _ gradient: inout [Double], ridge: Double) -> Double {
        var value = anchor / 2 * (point[0] - 1) * (point[0] - 1)
        gradient[0] = anchor * (point[0] - 1)
        for index in 1..<point.count {
            let strength = index <= Self.classes ? anchor : ridge
            value += strength / 2 * point[index] * point[index]
            gradient[index] = strength * point[index]
        }
        var slopes = Softmax.probabilities(logits(point))
        for (row, label) in labels.enumerated() {
            value -= Logarithm.natural(Double(max(slopes[row, label], 1e-30)))
            slopes[row, label] -= 1
            for column in 0..<Self.classes {
                gradient[0] += Double(slopes[row, column] * prior[row][column])
                gradient[1 + column] += Double(slopes[row, column])
            }
        }
        let change = slopes.transposedTimes(rows).values
        for index in change.indices { gradient[1 + Self.classes + index] += Double(change[index]) }
        return value
    }
}

extension Matrix {
    /// Some of the rows, in the order asked for.
    func rows(at indices: [Int]) -> Matrix {
        var picked: [Float] = []
        picked.reserveCapacity(indices.count * columns)
        for index in indices { picked += values[index * columns..<(index + 1) * columns] }
        return Matrix(rows: indices.count, columns: columns, values: picked)
    }
}
