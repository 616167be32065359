/// How surprising counts are under a negative binomial law.
enum CountTail {
    /// The signed root of the deviance: for an expected count it is near a standard normal deviate.
    ///
    /// A record is told by the logarithm of its ratio instead: the crowds of a brand's great days have heavier tails than any
    /// law of posts about a mean.
    /// - `count` and `mean` are not negative; the variance is `mean + spread·mean²`, and `spread` is positive.
    /// - `ratio` is that of the record lanes.
    /// - Cost: two logarithms for all lanes together, no sum over the tail.
    static func deviate(count: Lanes, mean: Lanes, spread: Lanes, record ratio: Lanes) -> Lanes {
        let floor = Lanes(repeating: 1e-6)
        let k = greater(count, floor)
        let m = greater(mean, floor)
        let logRatio = Elementary.logarithm((k / m).replacing(with: ratio, where: View.isRecord))
        let byRatio = k * logRatio
        let bySpread = (k + 1 / spread) * Elementary.logarithm((1 + spread * k) / (1 + spread * m))
        let root = greater(2 * (byRatio - bySpread), .zero).squareRoot()
        return root.replacing(with: -root, where: k .< m).replacing(with: logRatio, where: View.isRecord)
    }
}
