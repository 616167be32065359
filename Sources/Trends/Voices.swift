package import Domain

/// The coordinates of one hour's voices.
package struct VoicesKey: Hashable, Comparable, Sendable {
    /// Start of the hour in seconds since 1970.
    package var start: Int64
    package var brand: UInt16

    package init(start: Int64, brand: UInt16) {
        self.start = start
        self.brand = brand
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.start, left.brand) < (right.start, right.brand)
    }
}

/// What is heard of a brand in an hour, on all platforms and in all languages: a uniform sample of its posts.
///
/// The drivers of anomalies are found in it: words and authors are far too many to be counted one by one for each hour.
package struct Voices: Equatable, Sendable {
    /// How many posts the sample stands for.
    package var posts: Int64 = 0
    /// Ascending by (hash, id), at most `Voice.sampleSize`.
    package var sample: [Voice] = []

    package init() {}

    package mutating func merge(_ other: Voices) {
        posts.saturatingAdd(other.posts)
        sample = Voice.merged(sample, other.sample)
    }
}

/// One post of a sample of voices, with what it has in common with others.
package struct Voice: Equatable, Sendable, Sampled {
    /// Without sentiment probabilities beyond what the sample of examples has; the text has at most `textLimit` bytes.
    package var example: Example
    package var platform: Platform
    package var language: String
    package var hashtags: [String]
    /// Hosts of its links.
    package var domains: [String]

    /// Enough to tell what an hour was about: a tag in a tenth of its posts is missed once in 29 hours.
    package static let sampleSize = 32
    /// A post of X; longer ones say what they are about at their beginning.
    package static let textLimit = 280
    /// Of tags, and of domains.
    package static let keyLimit = 8

    package init(example: Example, platform: Platform, language: String, hashtags: [String], domains: [String]) {
        self.example = example
        self.platform = platform
        self.language = language
        self.hashtags = hashtags
        self.domains = domains
    }

    package var hash: UInt64 { example.hash }
    package var id: String { example.id }

    package func isFirst(before other: Self) -> Bool {
        if example != other.example { return example.isFirst(before: other.example) }
        return keys.lexicographicallyPrecedes(other.keys)
    }

    private var keys: [String] { [language] + hashtags + domains }
}
