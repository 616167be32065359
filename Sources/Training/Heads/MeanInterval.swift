import Foundation

/// A mean with its 95 % interval by Student's t.
package struct MeanInterval: Equatable, Sendable {
    package let mean: Double
    package let low: Double
    package let high: Double

    package init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / max(count, 1)
        self.mean = mean
        guard values.count > 1 else {
            (low, high) = (-.infinity, .infinity)
            return
        }
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let reach = Self.point(degrees: count - 1) * (variance / count).squareRoot()
        (low, high) = (mean - reach, mean + reach)
    }

    /// The two-sided 95 % point of Student's t, by the expansion of Cornish and Fisher: within 0.01 from 5 degrees on.
    private static func point(degrees: Double) -> Double {
        let z = ShareCorrection.deviations
        let first = (pow(z, 3) + z) / 4
        let second = (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96
        let third = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384
        return z + first / degrees + second / pow(degrees, 2) + third / pow(degrees, 3)
    }
}
