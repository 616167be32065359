package import Sketches

/// What is known about the mentions of one rollup row.
///
/// Merging adds, so the order of shards never matters.
package struct Measures: Equatable, Sendable {
    /// All mentions, whatever their kind.
    package var posts: Int64 = 0
    package var reposts: Int64 = 0
    /// Replies and comments.
    package var replies: Int64 = 0
    package var quotes: Int64 = 0
    package var withMedia: Int64 = 0
    /// Posts by chosen label; `negative + neutral + positive + unsure` is the number of scored posts.
    package var negative: Int64 = 0
    package var neutral: Int64 = 0
    package var positive: Int64 = 0
    package var unsure: Int64 = 0
    /// Sums of calibrated class probabilities, in millionths.
    package var negativeSum: Int64 = 0
    package var neutralSum: Int64 = 0
    package var positiveSum: Int64 = 0
    /// Likes, replies, reposts and quotes that the platforms reported.
    package var engagement: Int64 = 0
    /// Sum of the authors' followers over posts where they are known, and how many posts those are.
    package var reach: Int64 = 0
    package var reachKnown: Int64 = 0
    package var readings = ReadingCounts()
    package var authors = HyperLogLog()

    package init() {}

    /// Adds the other's counts and joins the authors.
    package mutating func merge(_ other: Self) {
        addCounts(other)
        authors.merge(other.authors)
    }

    /// Adds everything but the authors.
    mutating func addCounts(_ other: Self) {
        posts.saturatingAdd(other.posts)
        reposts.saturatingAdd(other.reposts)
        replies.saturatingAdd(other.replies)
        quotes.saturatingAdd(other.quotes)
        withMedia.saturatingAdd(other.withMedia)
        negative.saturatingAdd(other.negative)
        neutral.saturatingAdd(other.neutral)
        positive.saturatingAdd(other.positive)
        unsure.saturatingAdd(other.unsure)
        negativeSum.saturatingAdd(other.negativeSum)
        neutralSum.saturatingAdd(other.neutralSum)
        positiveSum.saturatingAdd(other.positiveSum)
        engagement.saturatingAdd(other.engagement)
        reach.saturatingAdd(other.reach)
        reachKnown.saturatingAdd(other.reachKnown)
        readings.merge(other.readings)
    }
}

extension Int64 {
    /// Adds a count; beyond the largest number the sum stays there instead of trapping.
    ///
    /// Counts are never negative, so this is associative and commutative like plain addition.
    mutating func saturatingAdd(_ other: Int64) {
        let (sum, overflow) = addingReportingOverflow(other)
        self = overflow ? .max : sum
    }
}
