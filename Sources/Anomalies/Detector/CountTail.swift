/// How surprising counts are under a negative binomial law.
enum CountTail {
    /// The signed root of the deviance: for an expected count it is near a standard normal deviate.
    ///
    /// - `count` and `mean` are not negative; the variance is `mean + spread·mean²`, and `spread` is positive.
    /// - Cost: two logarithms for all lanes together, no sum over the tail.
    static func deviate(count: Lanes, mean: Lanes, spread: Lanes) -> Lanes {
        let floor = Lanes(repeating: 1e-6)
        let k = greater(count, floor)
        let m = greater(mean, floor)
        let byRatio = k * Elementary.logarithm(k / m)
        let bySpread = (k + 1 / spread) * Elementary.logarithm((1 + spread * k) / (1 + spread * m))
        let root = greater(2 * (byRatio - bySpread), .zero).squareRoot()
        return root.replacing(with: -root, where: k .< m)
    }
}
