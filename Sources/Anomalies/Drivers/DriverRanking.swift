/// Finds what drove an episode: keys whose posts and authors the baseline does not explain.
package struct DriverRanking: Sendable {
    private let episode: [DriverKey: KeyTotals]
    private let baseline: [DriverKey: KeyTotals]
    /// The episode's length over the baseline's, by what the whole series was expected to bring.
    private let exposure: Double
    /// As `exposure`, had the series brought what it did.
    private let share: Double
    private let excess: Double

    /// A key whose part of the posts has hardly grown drove nothing, such as the brand's name or its language: its growth
    /// must be e³ times as likely by a new part as by the old one.
    private static let leastGain = 3.0

    /// - Parameters:
    ///   - episode: counts per key from the episode's start to its end.
    ///   - baseline: counts per key over an ordinary time before it.
    ///   - episodePosts: posts of the series in the episode.
    ///   - expectedPosts: what the detector expected of the episode.
    ///   - baselinePosts: posts of the series over the baseline's time.
    package init(
        episode: [DriverKey: KeyTotals], baseline: [DriverKey: KeyTotals], episodePosts: Double, expectedPosts: Double,
        baselinePosts: Double
    ) {
        self.episode = episode
        self.baseline = baseline
        exposure = expectedPosts / max(baselinePosts, 1)
        share = episodePosts / max(baselinePosts, 1)
        excess = max(episodePosts - expectedPosts, 1)
    }

    /// The drivers, strongest first.
    ///
    /// A key whose posts are not above its baseline is none. Equal scores are ordered by key.
    package func drivers(limit: Int) -> [Driver] {
        let found = episode.compactMap { driver($0.key, $0.value) }
        return Array(found.sorted { ($1.score, $0.key) < ($0.score, $1.key) }.prefix(limit))
    }

    private func driver(_ key: DriverKey, _ totals: KeyTotals) -> Driver? {
        let before = baseline[key] ?? KeyTotals(posts: 0, authors: 0)
        let expected = Self.rate(before.posts, exposure)
        let gain = Self.likelihoodRatio(Double(totals.posts), expected)
        guard gain > 0,
            Self.likelihoodRatio(Double(totals.posts), Self.rate(before.posts, share)) >= Self.leastGain
        else { return nil }
        // What many people do weighs as much as how often it is done: where one account shouts, the account is the driver.
        let byAuthors = Self.likelihoodRatio(Double(totals.authors), Self.rate(before.authors, exposure))
        let score = key.kind == .author ? gain : (gain + byAuthors) / 2
        let part = (Double(totals.posts) - expected) / excess
        return Driver(
            key: key, totals: totals, expected: expected, share: min(max(part, 0), 1), score: score)
    }

    /// What the baseline leads to expect, and half a post for what it has not seen: in any hour something new is said.
    private static func rate(_ count: Int64, _ exposure: Double) -> Double { Double(count) * exposure + 0.5 }

    /// ln of the Poisson likelihood at the count's own rate over that at the expected one; 0 where the count is lower.
    static func likelihoodRatio(_ count: Double, _ expected: Double) -> Double {
        guard count > expected, expected > 0 else { return 0 }
        let ratio = Double(Elementary.logarithm(Float(count / expected)))
        return count * ratio - (count - expected)
    }
}
