/// A key that had more than its usual part in an episode.
package struct Driver: Equatable, Sendable {
    package var key: DriverKey
    /// In the episode.
    package var totals: KeyTotals
    /// Posts that the baseline would have brought in the same time.
    package var expected: Double
    /// Its part of the episode's excess, 0 … 1.
    package var share: Double
    /// How much better its posts and its authors are explained by a new rate than by the old one: the mean, in nats.
    package var score: Double
}
