package import Neural
package import Text

extension Calibration {
    /// Fits temperature and class biases to validation data by likelihood.
    ///
    /// Four numbers for three classes and a convex problem: a few steps of Newton's method.
    /// - `weights` are the importance of each item: all 1 leaves the mean probability of each class equal to its share
    ///   of the data; the inverse share of an item's class makes the classes count alike.
    package init(fitting logits: Matrix, labels: [Int], weights: [Float]) {
        precondition(labels.count == logits.rows && weights.count == logits.rows, "\(logits.rows) rows of logits")
        let classes = logits.columns
        var parameters = [Double](repeating: 0, count: classes) + [1]
        var current = Likelihood(logits, labels, weights, parameters)
        // Quadratic convergence: twenty steps are many.
        for _ in 0..<20 {
            let step = current.newtonStep()
            var length = 1.0
            var next = current
            repeat {
                let moved = zip(parameters, step).map { $0 - length * $1 }
                next = Likelihood(logits, labels, weights, moved)
                length /= 2
            } while next.loss > current.loss && length > 1e-3
            guard next.loss < current.loss else { break }
            let gain = current.loss - next.loss
            parameters = next.parameters
            current = next
            if gain < 1e-10 { break }
        }
        // Only differences of biases count: let them add up to 0.
        let mean = parameters[..<classes].reduce(0, +) / Double(classes)
        self.init(scale: Float(parameters[classes]), biases: parameters[..<classes].map { Float($0 - mean) })
    }

    /// The calibrated probabilities of one row of logits.
    package func probabilities(_ logits: Matrix, row: Int) -> [Float] {
        var result = biases.indices.map { scale * logits[row, $0] + biases[$0] }
        Softmax.normalise(&result)
        return result
    }
}

/// The weighted mean loss at one point, with its gradient and curvature; the scale is the last parameter.
private struct Likelihood {
    let parameters: [Double]
    private(set) var loss = 0.0
    private var gradient: [Double]
    /// Row-major, `parameters.count` squared.
    private var curvature: [Double]

    init(_ logits: Matrix, _ labels: [Int], _ weights: [Float], _ parameters: [Double]) {
        self.parameters = parameters
        let count = parameters.count
        let classes = count - 1
        gradient = [Double](repeating: 0, count: count)
        curvature = [Double](repeating: 0, count: count * count)
        let total = Double(max(weights.reduce(0, +), .leastNormalMagnitude))
        var probabilities = [Double](repeating: 0, count: classes)
        for (row, label) in labels.enumerated() {
            let weight = Double(weights[row]) / total
            var top = -Double.infinity
            for choice in 0..<classes {
                probabilities[choice] = parameters[choice] + parameters[classes] * Double(logits[row, choice])
                top = max(top, probabilities[choice])
            }
            var sum = 0.0
            for choice in 0..<classes {
                probabilities[choice] = Logarithm.exponential(probabilities[choice] - top)
                sum += probabilities[choice]
            }
            // The mean and mean square of the logits under the probabilities give the scale's derivatives.
            var mean = 0.0
            var square = 0.0
            for choice in 0..<classes {
                probabilities[choice] /= sum
                let logit = Double(logits[row, choice])
                mean += probabilities[choice] * logit
                square += probabilities[choice] * logit * logit
            }
            loss -= weight * Logarithm.natural(max(probabilities[label], 1e-30))
            gradient[label] -= weight
            gradient[classes] += weight * (mean - Double(logits[row, label]))
            curvature[classes * count + classes] += weight * (square - mean * mean)
            for choice in 0..<classes {
                let share = weight * probabilities[choice]
                gradient[choice] += share
                curvature[choice * count + choice] += share
                for other in 0..<classes { curvature[choice * count + other] -= share * probabilities[other] }
                let mixed = share * (Double(logits[row, choice]) - mean)
                curvature[choice * count + classes] += mixed
                curvature[classes * count + choice] += mixed
            }
        }
    }

    /// The solution of `curvature · step = gradient`, by elimination.
    ///
    /// All biases may move together without effect, so the curvature is singular; a touch of the identity picks the
    /// smallest step.
    func newtonStep() -> [Double] {
        let count = gradient.count
        var matrix = curvature
        var step = gradient
        for index in 0..<count { matrix[index * count + index] += 1e-9 }
        for pivot in 0..<count {
            for row in pivot + 1..<count {
                let factor = matrix[row * count + pivot] / matrix[pivot * count + pivot]
                for column in pivot..<count { matrix[row * count + column] -= factor * matrix[pivot * count + column] }
                step[row] -= factor * step[pivot]
            }
        }
        for row in (0..<count).reversed() {
            for column in row + 1..<count { step[row] -= matrix[row * count + column] * step[column] }
            step[row] /= matrix[row * count + row]
        }
        return step
    }
}
