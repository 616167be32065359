/// One normalised item of social content: the fields of the post schema, version 1, that analyses read.
///
/// Unknown counts are `nil`, never 0. Ids are strings.
package struct Post: Equatable, Sendable {
    package enum Operation: UInt8, Sendable {
        case upsert = 0
        case delete = 1
        case deleteAuthor = 2
    }

    package enum Kind: UInt8, Sendable {
        case post = 0
        case reply = 1
        case repost = 2
        case quote = 3
        case comment = 4
        case account = 5
    }

    package struct Author: Equatable, Sendable {
        package var id: String
        package var handle: String?
        package var name: String?
        package var followers: Int64?
        package var verified: Bool?

        package init(
            id: String, handle: String? = nil, name: String? = nil, followers: Int64? = nil, verified: Bool? = nil
        ) {
            self.id = id
            self.handle = handle
            self.name = name
            self.followers = followers
            self.verified = verified
        }
    }

    package struct Counts: Equatable, Sendable {
        package var likes: Int64?
        package var replies: Int64?
        package var reposts: Int64?
        package var quotes: Int64?
        package var views: Int64?
        package var bookmarks: Int64?
        package var score: Int64?

        package init() {}
    }

    /// How far ahead of its arrival a post's own time may lie, in milliseconds: clocks and time zones are often wrong by
    /// hours.
    package static let futureTolerance: Int64 = 86_400_000

    package var platform: Platform
    package var id: String
    package var operation: Operation
    package var kind: Kind
    package var createdAt: Timestamp
    package var observedAt: Timestamp?
    package var text: String
    package var title: String?
    /// BCP 47 primary tag as declared, lower case; empty when unknown.
    package var language: String
    package var url: String?
    package var author: Author
    package var repostOf: String?
    /// Without `#`, case-folded, unique, in first-seen order.
    package var hashtags: [String]
    /// Handles without `@`, case-folded.
    package var mentions: [String]
    package var urls: [String]
    package var mediaCount: Int
    package var counts: Counts

    package init(
        platform: Platform = .generic, id: String, operation: Operation = .upsert, kind: Kind = .post,
        createdAt: Timestamp, observedAt: Timestamp? = nil, text: String = "", title: String? = nil,
        language: String = "", url: String? = nil, author: Author, repostOf: String? = nil,
        hashtags: [String] = [], mentions: [String] = [], urls: [String] = [], mediaCount: Int = 0,
        counts: Counts = Counts()
    ) {
        self.platform = platform
        self.id = id
        self.operation = operation
        self.kind = kind
        self.createdAt = createdAt
        self.observedAt = observedAt
        self.text = text
        self.title = title
        self.language = language
        self.url = url
        self.author = author
        self.repostOf = repostOf
        self.hashtags = hashtags
        self.mentions = mentions
        self.urls = urls
        self.mediaCount = mediaCount
        self.counts = counts
    }
}
