import Foundation

/// How badly a negative binomial law foretold a count, and which way to move it.
enum NegativeBinomialLoss {
    /// - Parameters:
    ///   - logMean: ln of the law's mean.
    ///   - logSpread: ln of its spread: the variance is `mean + spread·mean²`.
    /// - Returns: the loss, and its slopes by both.
    static func loss(count: Double, logMean: Double, logSpread: Double) -> (value: Double, mean: Double, spread: Double)
    {
        let mean = exp(logMean)
        let spread = exp(logSpread)
        let size = 1 / spread
        let total = log(1 + spread * mean)
        let value =
            lgamma(size) + lgamma(count + 1) - lgamma(count + size) + (size + count) * total
            - count * (logMean + logSpread)
        let slopeByMean = (mean - count) / (1 + spread * mean)
        let slopeBySize = digamma(size) - digamma(count + size) + total - (mean - count) / (size + mean)
        return (value, slopeByMean, -size * slopeBySize)
    }

    /// The slope of `lgamma`: upwards to 6, then its asymptotic series.
    static func digamma(_ x: Double) -> Double {
        var x = x
        var sum = 0.0
        while x < 6 {
            sum -= 1 / x
            x += 1
        }
        let square = 1 / (x * x)
        return sum + log(x) - 0.5 / x - square * (1.0 / 12 - square * (1.0 / 120 - square / 252))
    }
}
