import Domain

extension Measures {
    /// More than people live on Earth; a larger count is a mistake, and could make sums overflow in SQL.
    private static let largestCount: Int64 = 10_000_000_000

    /// What one mention adds, without its author and reading.
    init(_ kind: Post.Kind, mediaCount: Int, counts: Post.Counts, followers: Int64?) {
        self.init()
        posts = 1
        switch kind {
        case .repost: reposts = 1
        case .reply, .comment: replies = 1
        case .quote: quotes = 1
        case .post, .account: break
        }
        withMedia = mediaCount > 0 ? 1 : 0
        engagement =
            Self.bounded(counts.likes) + Self.bounded(counts.replies) + Self.bounded(counts.reposts)
            + Self.bounded(counts.quotes)
        if let followers {
            reach = Self.bounded(followers)
            reachKnown = 1
        }
    }

    /// Notes what the models said of a single mention.
    mutating func read(_ reading: Reading, _ unsureBelow: Int64) {
        readings = ReadingCounts(reading, unsureBelow)
        guard let sentiment = reading.sentiment else { return }
        negativeSum = sentiment.negative
        neutralSum = sentiment.neutral
        positiveSum = sentiment.positive
        guard !reading.isDoubtful, !sentiment.isUnsure(below: unsureBelow) else {
            unsure = 1
            return
        }
        switch sentiment.label {
        case .negative: negative = 1
        case .neutral: neutral = 1
        case .positive: positive = 1
        }
    }

    private static func bounded(_ count: Int64?) -> Int64 { max(0, min(count ?? 0, largestCount)) }
}
