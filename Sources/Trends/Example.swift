package import Domain

/// The coordinates of one sample of example posts: always per day.
///
/// Equal by bytes, like `RollupKey`.
package struct ExampleKey: Hashable, Sendable {
    /// Start of the day in seconds since 1970.
    package var start: Int64
    package var brand: UInt16
    package var platform: Platform
    package var language: String

    package init(start: Int64, brand: UInt16, platform: Platform, language: String) {
        self.start = start
        self.brand = brand
        self.platform = platform
        self.language = language
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.start == right.start && left.brand == right.brand && left.platform == right.platform
            && left.language.hasSameBytes(as: right.language)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(start)
        hasher.combine(UInt32(brand) << 8 | UInt32(platform.rawValue))
        language.hashBytes(into: &hasher)
    }
}

/// One post of a sample, ranked by the hash of its id: the lowest hashes are a uniform sample that merges exactly.
package struct Example: Equatable, Sendable {
    /// MurmurHash3 of platform and id; the rank within the sample.
    package var hash: UInt64
    package var id: String
    package var createdAt: Timestamp
    package var author: String
    /// At most `textLimit` bytes, cut between characters.
    package var text: String
    package var url: String?
    package var sentiment: Sentiment?
    /// The words that weigh most for or against the label, heaviest first; empty where nobody asked.
    package var reasons: [ReasonWord] = []

    /// How many posts a sample keeps.
    package static let sampleSize = 8
    package static let textLimit = 1024
    package static let reasonLimit = 5

    package init(
        hash: UInt64, id: String, createdAt: Timestamp, author: String, text: String, url: String?,
        sentiment: Sentiment?
    ) {
        self.hash = hash
        self.id = id
        self.createdAt = createdAt
        self.author = author
        self.text = text
        self.url = url
        self.sentiment = sentiment
    }
}
