import Domain

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

    /// Row-major.
    let rows: [Double]
    let width: Int
    /// Logarithms of the general model's probabilities.
    let prior: [[Double]]
    let labels: [Int]
    let anchor: Double

    /// - Parameter left: rows that it must not see.
    func solution(ridge: Double, leavingOut left: [Int]) -> Solution {
        let left = Set(left)
        let seen = labels.indices.filter { !left.contains($0) }
        let start = [1.0] + [Double](repeating: 0, count: Self.classes * (1 + width))
        return Solution(
            parameters: Minimiser.minimum(from: start) { point, gradient in
                loss(point, &gradient, seen, ridge: ridge)
            })
    }

    func logits(_ row: Int, _ solution: Solution) -> [Double] {
        solution.parameters.withUnsafeBufferPointer { point in (0..<Self.classes).map { logit(row, $0, point) } }
    }

    @inline(__always)
    private func logit(_ row: Int, _ label: Int, _ point: UnsafeBufferPointer<Double>) -> Double {
        var sum = point[1 + label] + point[0] * prior[row][label]
        let weights = 1 + Self.classes + label * width
        rows.withUnsafeBufferPointer { rows in
            for column in 0..<width { sum += point[weights + column] * rows[row * width + column] }
        }
        return sum
    }

    private func loss(_ point: [Double], _ gradient: inout [Double], _ seen: [Int], ridge: Double) -> Double {
        var value = anchor / 2 * (point[0] - 1) * (point[0] - 1)
        gradient[0] = anchor * (point[0] - 1)
        for index in 1..<point.count {
            let strength = index <= Self.classes ? anchor : ridge
            value += strength / 2 * point[index] * point[index]
            gradient[index] = strength * point[index]
        }
        point.withUnsafeBufferPointer { point in
            for row in seen {
                var slopes = (0..<Self.classes).map { logit(row, $0, point) }
                let top = slopes.max() ?? 0
                var sum = 0.0
                for label in slopes.indices {
                    slopes[label] = Logarithm.exponential(slopes[label] - top)
                    sum += slopes[label]
                }
                for label in slopes.indices { slopes[label] /= sum }
                value -= Logarithm.natural(max(slopes[labels[row]], 1e-30))
                slopes[labels[row]] -= 1
                for label in slopes.indices {
                    gradient[0] += slopes[label] * prior[row][label]
                    gradient[1 + label] += slopes[label]
                    add(row, slopes[label], to: &gradient, at: 1 + Self.classes + label * width)
                }
            }
        }
        return value
    }

    @inline(__always)
    private func add(_ row: Int, _ factor: Double, to gradient: inout [Double], at place: Int) {
        rows.withUnsafeBufferPointer { rows in
            gradient.withUnsafeMutableBufferPointer { gradient in
                for column in 0..<width { gradient[place + column] += factor * rows[row * width + column] }
            }
        }
    }
}
