package import Domain

/// What a stream of invented posts looks like.
///
/// The same scenario gives the same bytes, on every machine.
package struct Scenario: Sendable {
    package struct Brand: Sendable {
        /// As written in a post: words of letters, separated by single spaces.
        package var name: String
        /// What people talk about; singular nouns.
        package var products: [String]
        /// Share of the posts that name a brand, relative to the other brands.
        package var weight: Int
        /// Usual shares of negative, neutral and positive posts, relative to each other.
        package var mood: (negative: Int, neutral: Int, positive: Int)

        package init(
            _ name: String, products: [String], weight: Int, mood: (negative: Int, neutral: Int, positive: Int)
        ) {
            self.name = name
            self.products = products
            self.weight = weight
            self.mood = mood
        }

        /// The name in one word, as handle and hashtag.
        package var handle: String { name.lowercased().replacing(" ", with: "") }
    }

    /// For a while a brand is named far more often than usual.
    package struct Spike: Sendable {
        package var brand: Int
        package var start: Timestamp
        package var hours: Int
        /// How many times its usual weight.
        package var factor: Int
        /// In two of three of the brand's posts during that time; without `#`, lower case.
        package var hashtag: String
    }

    /// For a while most of a brand's posts are negative.
    package struct Crash: Sendable {
        package var brand: Int
        package var start: Timestamp
        package var hours: Int
        package var negativePercent: Int
        package var hashtag: String
    }

    package var name: String
    package var seed: UInt64
    package var posts: Int
    /// Midnight UTC at which the first day begins.
    package var start: Timestamp
    package var days: Int
    package var brands: [Brand]
    /// How many of 100 posts name a brand (before any spike).
    package var brandPercent: Int
    package var platforms: [(platform: Platform, weight: Int)]
    package var languages: [(language: String, weight: Int)]
    package var authors: Int
    /// Hashtags that have nothing to do with a brand; the n-th is used 1/n times as often as the first.
    package var hashtags: Int
    package var repostPercent: Int
    package var replyPercent: Int
    package var spike: Spike?
    package var crash: Crash?

    /// `2026-11-08`, for the day of this number since `start`.
    package func date(ofDay day: Int) -> String {
        CivilTime(Timestamp(seconds: start.seconds + Int64(day) * 86_400)).date
    }
}
