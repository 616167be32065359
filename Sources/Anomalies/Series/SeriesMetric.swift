/// What a series measures of a brand's closed windows.
///
/// The raw value is stored and never used again for another.
package enum SeriesMetric: UInt8, CaseIterable, Sendable, Hashable {
    case mentions = 0
    case authors = 1
    case negativeShare = 2
    case netSentiment = 3
    case engagement = 4
    case reach = 5

    private static let fewestScored: Int64 = 20

    package var name: String {
        switch self {
        case .mentions: "mentions"
        case .authors: "authors"
        case .negativeShare: "negative_share"
        case .netSentiment: "net_sentiment"
        case .engagement: "engagement"
        case .reach: "reach"
        }
    }

    package init?(name: some StringProtocol) {
        guard let metric = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = metric
    }

    /// Whether its values add up over time; the others are levels.
    package var isCount: Bool { profile(grain: 60).kind == .count }

    /// How the detector watches it: counts for rises, the share of complaints for rises, sentiment for falls.
    package func profile(grain: Int64) -> SeriesProfile {
        switch self {
        case .mentions, .authors, .engagement, .reach: SeriesProfile(kind: .count, direction: .up, grain: grain)
        case .negativeShare: SeriesProfile(kind: .gauge, direction: .up, grain: grain)
        case .netSentiment: SeriesProfile(kind: .gauge, direction: .down, grain: grain)
        }
    }

    /// The value of a closed window; `nil` where it has none.
    ///
    /// A window without posts has 0 mentions, but no sentiment.
    package func value(of window: WindowTotals) -> Float? {
        switch self {
        case .mentions: return Float(window.posts)
        case .authors: return Float(window.authors)
        case .engagement: return Float(window.engagement)
        case .reach: return Float(window.reach)
        case .negativeShare, .netSentiment:
            // Two invented posts of each class hold a share of few posts near the middle. Of fewer than twenty, whose share is
            // known to 22 points, there is no telling: four complaints at night are no crisis.
            let posts = window.negative + window.neutral + window.positive
            guard posts >= Self.fewestScored else { return nil }
            let scored = Float(posts) + 6
            let negative = (Float(window.negative) + 2) / scored
            return self == .negativeShare ? negative : (Float(window.positive) + 2) / scored - negative
        }
    }
}

/// The merged counts of a closed window that series are made of.
package struct WindowTotals: Equatable, Sendable {
    package var posts: Int64
    package var authors: Int64
    package var negative: Int64
    package var neutral: Int64
    package var positive: Int64
    package var engagement: Int64
    package var reach: Int64

    package init(
        posts: Int64 = 0, authors: Int64 = 0, negative: Int64 = 0, neutral: Int64 = 0, positive: Int64 = 0,
        engagement: Int64 = 0, reach: Int64 = 0
    ) {
        self.posts = posts
        self.authors = authors
        self.negative = negative
        self.neutral = neutral
        self.positive = positive
        self.engagement = engagement
        self.reach = reach
    }
}
