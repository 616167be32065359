package import Neural

/// Draws from the laws that counts follow.
package enum CountSampler {
    /// An exponential deviate of mean 1.
    package static func exponential(using random: inout SplitMix) -> Double {
        -Logarithm.natural(1 - Double(random.uniform()))
    }

    /// A Poisson count; from a mean of 64 on its normal approximation, whose skew no longer matters.
    package static func poisson(mean: Double, using random: inout SplitMix) -> Double {
        guard mean > 0 else { return 0 }
        guard mean < 64 else {
            return max(0, (mean + mean.squareRoot() * Double(random.normal())).rounded())
        }
        let floor = Logarithm.exponential(-mean)
        var product = Double(random.uniform())
        var count = 0.0
        while product > floor {
            product *= Double(random.uniform())
            count += 1
        }
        return count
    }

    /// A gamma deviate of mean 1 and variance `spread`.
    ///
    /// Source: Marsaglia, Tsang, ACM TOMS 26 (2000), 363; shapes below 1 by its power of a uniform number.
    package static func gamma(spread: Double, using random: inout SplitMix) -> Double {
        let shape = 1 / spread
        guard shape < 1e5 else { return 1 }
        let boosted = shape < 1 ? shape + 1 : shape
        let d = boosted - 1 / 3.0
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = Double(random.normal())
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            let u = 1 - Double(random.uniform())
            guard Logarithm.natural(u) < 0.5 * x * x + d - d * v + d * Logarithm.natural(v) else { continue }
            let scaled = d * v / shape
            return shape < 1 ? scaled * Logarithm.exponential(Logarithm.natural(u) / shape) : scaled
        }
    }

    /// A negative binomial count of variance `mean + spread·mean²`.
    package static func count(mean: Double, spread: Double, using random: inout SplitMix) -> Double {
        poisson(mean: mean * gamma(spread: spread, using: &random), using: &random)
    }
}
