internal import Domain

/// A post in the making: fields arrive in any order, and what they mean together is judged at the end.
///
/// Loose fields instead of a `Post`: making one costs more than reading its line, so it happens once.
struct PostDraft: ~Copyable {
    var version: Int64?
    var platform: Platform?
    var id = ""
    var operation: Post.Operation?
    var kind: Post.Kind?
    var createdAt: JSONText?
    var observedAt: JSONText?
    var text = ""
    var title: String?
    var language = ""
    var url: String?
    /// `nil` when the line has no author.
    var authorID: String?
    var handle: String?
    var name: String?
    var followers: Int64?
    var verified: Bool?
    var repostOf: String?
    /// As the source lists them; `nil` when it does not.
    var hashtags: [String]?
    var mentions: [String]?
    var urls: [String] = []
    var mediaCount = 0
    var counts = Post.Counts()

    /// The post, or the first rule that it breaks.
    consuming func finish(latest: Timestamp, platform defaultPlatform: Platform?) throws(RecordFault) -> Post {
        guard let version else { throw RecordFault("'v' is missing") }
        guard version == 1 else { throw RecordFault("'v' must be 1, not \(version)") }
        guard let platform = platform ?? defaultPlatform else { throw RecordFault("'platform' is missing") }
        guard !id.isEmpty else { throw RecordFault("'id' is missing") }
        guard let operation else { throw RecordFault("'op' is missing") }
        if operation != .upsert { return deletion(operation, platform) }
        guard let kind else { throw RecordFault("'kind' is missing") }
        guard let authorID else { throw RecordFault("'author.id' is missing") }
        guard let createdAt else { throw RecordFault("'created_at' is missing") }
        var observed: Timestamp?
        if let observedAt { observed = try Self.moment(observedAt, "observed_at") }
        let created = try Post.creation(
            Self.moment(createdAt, "created_at"), observed: observed, latest: latest)
        let analysed = Post.analysed(text)
        return Post(
            platform: platform, id: id, kind: kind, createdAt: created, observedAt: observed, text: analysed,
            title: title, language: language, url: url,
            author: Post.Author(id: authorID, handle: handle, name: name, followers: followers, verified: verified),
            repostOf: repostOf, hashtags: Post.hashtags(hashtags, in: analysed),
            mentions: Post.mentions(mentions, in: analysed, platform: platform), urls: urls, mediaCount: mediaCount,
            counts: counts)
    }

    /// Only ids matter; times are kept where they make sense.
    private consuming func deletion(_ operation: Post.Operation, _ platform: Platform) -> Post {
        let observed = observedAt.flatMap { try? Self.moment($0, "observed_at") }
        let created = createdAt.flatMap { try? Self.moment($0, "created_at") }
        return Post(
            platform: platform, id: id, operation: operation,
            kind: kind ?? (operation == .deleteAuthor ? .account : .post),
            createdAt: created ?? observed ?? Timestamp(milliseconds: 0), observedAt: observed,
            author: Post.Author(id: authorID ?? (operation == .deleteAuthor ? id : ""), handle: handle, name: name),
            repostOf: repostOf)
    }

    private static func moment(_ text: JSONText, _ field: String) throws(RecordFault) -> Timestamp {
        let moment: Timestamp?
        if text.isEscaped {
            let bytes = Array(try text.string().utf8)
            moment = bytes.withUnsafeBufferPointer { MomentParser.rfc3339($0) }
        } else {
            moment = MomentParser.rfc3339(text.bytes)
        }
        guard let moment else {
            try text.check()
            throw RecordFault("'\(field)' is no RFC 3339 time: \(try text.string().prefix(40))")
        }
        return moment
    }
}

extension Post {
    /// When a post was made: a claim later than its observation is set back to it, one after `latest` fails.
    static func creation(_ claim: Timestamp, observed: Timestamp?, latest: Timestamp) throws(RecordFault) -> Timestamp {
        let created = min(claim, observed ?? claim)
        guard created <= latest else {
            throw RecordFault("'created_at' lies in the future (\((created.seconds - latest.seconds) / 60) minutes)")
        }
        return created
    }

    /// The part of a text that is analysed.
    static func analysed(_ text: String) -> String {
        text.utf8.count <= FeedBounds.textBytes ? text : Folding.prefix(of: text, bytes: FeedBounds.textBytes)
    }

    /// The listed hashtags, folded; without a list those in the text.
    static func hashtags(_ listed: [String]?, in text: String) -> [String] {
        guard let listed else { return TermExtractor.hashtags(in: text) }
        var tags: [String] = []
        for tag in listed.prefix(FeedBounds.termsPerPost) {
            TermExtractor.append(tag.utf8.first == 0x23 ? String(tag.dropFirst()) : tag, to: &tags)
        }
        return tags
    }

    /// The listed handles, which are folded already; without a list those in the text.
    static func mentions(_ listed: [String]?, in text: String, platform: Platform) -> [String] {
        listed.map { Array($0.prefix(FeedBounds.termsPerPost)) } ?? TermExtractor.mentions(in: text, platform: platform)
    }
}

extension Post.Kind {
    static let named: [(name: String, value: Self)] = [
        ("post", .post), ("reply", .reply), ("repost", .repost), ("quote", .quote), ("comment", .comment),
        ("account", .account),
    ]

    init?(name: String) {
        guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
        self = found.value
    }
}
