package import Neural

/// Shares of the rows of an input in what a function gains from a baseline to that input.
///
/// The gradient is integrated along the straight way between them, so the shares add up to the gain. How well they do is
/// known, not hoped for: each stretch of the way is compared with what the function gained on it, and the worst one is
/// halved until all together are within the tolerance.
///
/// Source: Sundararajan et al., "Axiomatic Attribution for Deep Networks", arXiv 1703.01365.
package struct IntegratedGradients: Equatable, Sendable {
    /// What a function says at some points, and its gradient at each.
    package struct Samples: Sendable {
        package var values: [Double]
        package var gradients: [Matrix]

        package init(values: [Double], gradients: [Matrix]) {
            self.values = values
            self.gradients = gradients
        }
    }

    /// One for each row of the input.
    package let shares: [Double]
    /// What the function says of the baseline.
    package let start: Double
    /// What it says of the input.
    package let end: Double
    /// Points at which it was asked.
    package let steps: Int

    /// How far the shares are from adding up.
    package var gap: Double { abs(shares.reduce(0, +) - (end - start)) }

    /// The part of the gain that may be missing.
    package static let tolerance = 0.01
    /// A gain smaller than this is judged as if it were this.
    package static let smallestGain = 0.1
    /// Where halving ends though the gap be too wide.
    package static let stepLimit = 512

    /// - Parameter function: its samples at some points between baseline and input.
    package init(from baseline: Matrix, to input: Matrix, function: ([Matrix]) -> Samples) {
        precondition(baseline.rows == input.rows && baseline.columns == input.columns, "another baseline")
        let way = Way(baseline: baseline, input: input)
        var stretches = [way.whole(function)]
        var steps = Way.Rule.places.count + 2
        (start, end) = (stretches[0].start.value, stretches[0].end.value)
        let allowed = Self.tolerance * max(abs(end - start), Self.smallestGain)
        while stretches.reduce(0, { $0 + $1.gap }) > allowed, steps < Self.stepLimit {
            guard let worst = stretches.indices.max(by: { stretches[$0].gap < stretches[$1].gap }) else { break }
            stretches.replaceSubrange(worst...worst, with: way.halves(of: stretches[worst], function))
            steps += 2 * Way.Rule.places.count + 1
        }
        shares = (0..<input.rows).map { row in stretches.reduce(0) { $0 + $1.shares[row] } }
        self.steps = steps
    }
}

/// The straight way from a baseline to an input, of which parts can be integrated.
private struct Way {
    typealias Function = ([Matrix]) -> IntegratedGradients.Samples

    /// Gauss and Legendre's rule of eight points on 0…1, exact for polynomials of degree 15.
    enum Rule {
        private static let half = [
            (0.183_434_642_495_649_8, 0.362_683_783_378_362_0), (0.525_532_409_916_329_0, 0.313_706_645_877_887_3),
            (0.796_666_477_413_626_7, 0.222_381_034_453_374_5), (0.960_289_856_497_536_3, 0.101_228_536_290_376_3),
        ]
        static let places = half.reversed().map { (1 - $0.0) / 2 } + half.map { (1 + $0.0) / 2 }
        static let weights = half.reversed().map { $0.1 / 2 } + half.map { $0.1 / 2 }
    }

    /// What the function says at a place of the way.
    struct Mark {
        let place: Double
        let value: Double
    }

    struct Stretch {
        let start: Mark
        let end: Mark
        let shares: [Double]

        var gap: Double { abs(shares.reduce(0, +) - (end.value - start.value)) }
    }

    let baseline: Matrix
    let input: Matrix

    func whole(_ function: Function) -> Stretch {
        let places = Rule.places
        let samples = function((places + [0, 1]).map(point))
        return Stretch(
            start: Mark(place: 0, value: samples.values[places.count]),
            end: Mark(place: 1, value: samples.values[places.count + 1]),
            shares: shares(samples.gradients.prefix(places.count), length: 1))
    }

    func halves(of stretch: Stretch, _ function: Function) -> [Stretch] {
        let count = Rule.places.count
        let length = (stretch.end.place - stretch.start.place) / 2
        let places = (0..<2).flatMap { half in
            Rule.places.map { stretch.start.place + (Double(half) + $0) * length }
        }
        let middle = stretch.start.place + length
        let samples = function((places + [middle]).map(point))
        let mark = Mark(place: middle, value: samples.values[2 * count])
        return [
            Stretch(
                start: stretch.start, end: mark, shares: shares(samples.gradients.prefix(count), length: length)),
            Stretch(
                start: mark, end: stretch.end,
                shares: shares(samples.gradients[count..<2 * count], length: length)),
        ]
    }

    private func point(_ place: Double) -> Matrix {
        var point = baseline
        let share = Float(place)
        for index in point.values.indices {
            point.values[index] += share * (input.values[index] - baseline.values[index])
        }
        return point
    }

    private func shares(_ gradients: ArraySlice<Matrix>, length: Double) -> [Double] {
        var mean = [Double](repeating: 0, count: input.values.count)
        for (gradient, weight) in zip(gradients, Rule.weights) {
            for index in mean.indices { mean[index] += Double(gradient.values[index]) * weight * length }
        }
        return (0..<input.rows).map { row in
            (row * input.columns..<(row + 1) * input.columns).reduce(0) { sum, index in
                sum + mean[index] * Double(input.values[index] - baseline.values[index])
            }
        }
    }
}
