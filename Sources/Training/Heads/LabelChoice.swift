package import Domain
package import Neural
import Text

/// Chooses the posts whose labels help most: those that speak for many others that the model is unsure of.
///
/// Each post of the pool has as much weight as its answer is uncertain. A choice speaks for a post as far as the two are
/// alike, and each next choice is the one that adds most to what the chosen speak for together (greedy facility location).
/// So one sum holds uncertainty, density and diversity: a lonely odd post speaks for nobody, and two alike add little.
package struct LabelChoice: Sendable {
    /// Likeness is kept for each pair, so the pool is bounded: 3,000 posts take 36 MB and some seconds.
    package static let poolLimit = 3000

    private let likeness: Matrix

    /// - Parameter features: a row for each post of the pool.
    package init(_ features: Matrix) {
        precondition(features.rows <= Self.poolLimit, "a pool of \(features.rows), at most \(Self.poolLimit)")
        let unit = Self.unit(features)
        likeness = unit.timesTransposed(unit)
    }

    /// The next `count` posts to label, best first.
    ///
    /// - Parameters:
    ///   - answers: what the present model says of each post of the pool.
    ///   - known: posts that are labelled, or were skipped, and speak for others already.
    package func next(_ count: Int, answers: [Sentiment], known: Set<Int>) -> [Int] {
        precondition(answers.count == likeness.rows, "\(answers.count) answers for \(likeness.rows) posts")
        let weights = answers.map(Self.uncertainty)
        var covered = [Float](repeating: 0, count: answers.count)
        for post in known { cover(post, &covered) }
        var open = answers.indices.filter { !known.contains($0) }
        var chosen: [Int] = []
        while chosen.count < count, !open.isEmpty {
            var best = (place: 0, gain: -Float.infinity)
            for (place, post) in open.enumerated() {
                let gain = self.gain(post, covered, weights)
                if gain > best.gain { best = (place, gain) }
            }
            let post = open.remove(at: best.place)
            cover(post, &covered)
            chosen.append(post)
        }
        return chosen
    }

    private func gain(_ post: Int, _ covered: [Float], _ weights: [Float]) -> Float {
        let start = post * likeness.columns
        return likeness.values.withUnsafeBufferPointer { likeness in
            covered.withUnsafeBufferPointer { covered in
                weights.withUnsafeBufferPointer { weights in
                    var sum: Float = 0
                    for other in covered.indices {
                        sum += weights[other] * max(0, likeness[start + other] - covered[other])
                    }
                    return sum
                }
            }
        }
    }

    private func cover(_ post: Int, _ covered: inout [Float]) {
        for other in covered.indices { covered[other] = max(covered[other], likeness[post, other]) }
    }

    /// The entropy of an answer as a share of the largest, 0 to 1.
    package static func uncertainty(_ answer: Sentiment) -> Float {
        let entropy = [answer.negative, answer.neutral, answer.positive].reduce(0.0) { sum, part in
            let share = Double(part) / Double(Sentiment.one)
            return part == 0 ? sum : sum - share * Logarithm.natural(share)
        }
        return Float(entropy / Logarithm.natural(3))
    }

    /// Rows of length 1 about their common centre.
    private static func unit(_ features: Matrix) -> Matrix {
        var unit = features
        for column in 0..<unit.columns {
            let centre = (0..<unit.rows).reduce(Float(0)) { $0 + features[$1, column] } / Float(max(unit.rows, 1))
            for row in 0..<unit.rows { unit[row, column] -= centre }
        }
        for row in 0..<unit.rows {
            let square = (0..<unit.columns).reduce(Float(0)) { $0 + unit[row, $1] * unit[row, $1] }
            guard square > 0 else { continue }
            for column in 0..<unit.columns { unit[row, column] /= square.squareRoot() }
        }
        return unit
    }
}
