internal import Domain

/// Makes posts of lines that follow the post schema, version 1.
///
/// Unknown fields never fail; known ones must have their type. Of a deletion only the ids count, so that nothing
/// stands in the way of erasing. A class, since a copy of its tables for every line would cost more than the line.
final class NormalisedParser {
    private enum Field: Int {
        case version, platform, id, operation, kind, createdAt, observedAt
        case text, title, language, url, author, references, hashtags, mentions, urls, media, counts

        static let names = [
            "v", "platform", "id", "op", "kind", "created_at", "observed_at",
            "text", "title", "lang", "url", "author", "refs", "hashtags", "mentions", "urls", "media", "counts",
        ]
    }

    private let latest: Timestamp
    private let defaultPlatform: Platform?
    private let platforms = Platform.allCases
    private let operations: [Post.Operation] = [.upsert, .delete, .deleteAuthor]
    private let kinds = Post.Kind.named.map(\.value)
    private let keys = KeyTable(Field.names)
    private let platformKeys = KeyTable(Platform.allCases.map(\.name))
    private let operationKeys = KeyTable(["upsert", "delete", "delete_author"])
    private let kindKeys = KeyTable(Post.Kind.named.map(\.name))
    private let authorKeys = KeyTable(["id", "handle", "name", "followers", "verified"])
    private let countKeys = KeyTable(["likes", "replies", "reposts", "quotes", "views", "bookmarks", "score"])
    private let refKeys = KeyTable(["repost_of"])
    private let mentionKeys = KeyTable(["handle"])

    /// A post that claims to be made after `latest` fails; `platform` is that of lines which name none.
    init(latest: Timestamp, platform: Platform? = nil) {
        self.latest = latest
        defaultPlatform = platform
    }

    /// Reads one line; see `JSONScanner` for what must follow it in memory.
    func post(_ start: UnsafePointer<UInt8>, count: Int) throws(RecordFault) -> Post {
        var scanner = JSONScanner(start, count: count)
        var draft = PostDraft()
        guard scanner.peek() == 0x7B else { throw scanner.fault("the line is no object") }
        try scanner.open(0x7B)
        var isFirst = true
        while let key = try scanner.key(isFirst: &isFirst) {
            if let index = try keys.find(key), let field = Field(rawValue: index) {
                try take(field, from: &scanner, into: &draft)
            } else {
                try scanner.skip(depth: 1)
            }
        }
        try scanner.end()
        return try draft.finish(latest: latest, platform: defaultPlatform)
    }

    private func take(
        _ field: Field, from scanner: inout JSONScanner, into draft: inout PostDraft
    ) throws(RecordFault) {
        switch field {
        case .version: draft.version = try scanner.integer("v")
        case .platform: draft.platform = try word("platform", from: &scanner, platformKeys, platforms)
        case .id: draft.id = try scanner.requiredText("id").string()
        case .operation: draft.operation = try word("op", from: &scanner, operationKeys, operations)
        case .kind: draft.kind = try word("kind", from: &scanner, kindKeys, kinds)
        case .createdAt: draft.createdAt = try scanner.optionalText("created_at")
        case .observedAt: draft.observedAt = try scanner.optionalText("observed_at")
        case .text: draft.text = try scanner.optionalText("text")?.string() ?? ""
        case .title: draft.title = try scanner.optionalText("title")?.string()
        case .language: draft.language = try scanner.optionalText("lang")?.language() ?? ""
        case .url: draft.url = try scanner.optionalText("url")?.string()
        case .author: try author(from: &scanner, into: &draft)
        case .references: try references(from: &scanner, into: &draft)
        case .hashtags: draft.hashtags = try scanner.texts("hashtags")
        case .mentions: draft.mentions = try mentions(from: &scanner)
        case .urls: draft.urls = try scanner.texts("urls") ?? []
        case .media: draft.mediaCount = try scanner.elements("media")
        case .counts: try counts(from: &scanner, into: &draft)
        }
    }

    /// The value that a string spells.
    private func word<Value>(
        _ name: StaticString, from scanner: inout JSONScanner, _ keys: borrowing KeyTable, _ values: [Value]
    ) throws(RecordFault) -> Value {
        let text = try scanner.requiredText(name)
        guard let index = try keys.find(text) else {
            throw RecordFault("'\(name)' is unknown: \(try text.string().prefix(40))")
        }
        return values[index]
    }

    private func author(from scanner: inout JSONScanner, into draft: inout PostDraft) throws(RecordFault) {
        (draft.authorID, draft.handle, draft.name, draft.followers, draft.verified) = (nil, nil, nil, nil, nil)
        guard try scanner.openObject("author") else { return }
        var isFirst = true
        while let key = try scanner.key(isFirst: &isFirst) {
            switch try authorKeys.find(key) {
            case 0: draft.authorID = try scanner.requiredText("author.id").string()
            case 1: draft.handle = try scanner.optionalText("author.handle")?.string()
            case 2: draft.name = try scanner.optionalText("author.name")?.string()
            case 3: draft.followers = try scanner.count("author.followers")
            case 4: draft.verified = try scanner.bool("author.verified")
            default: try scanner.skip(depth: 2)
            }
        }
    }

    private func references(from scanner: inout JSONScanner, into draft: inout PostDraft) throws(RecordFault) {
        draft.repostOf = nil
        guard try scanner.openObject("refs") else { return }
        var isFirst = true
        while let key = try scanner.key(isFirst: &isFirst) {
            if try refKeys.find(key) == nil {
                try scanner.skip(depth: 2)
            } else {
                draft.repostOf = try scanner.optionalText("refs.repost_of")?.string()
            }
        }
    }

    private func counts(from scanner: inout JSONScanner, into draft: inout PostDraft) throws(RecordFault) {
        draft.counts = Post.Counts()
        guard try scanner.openObject("counts") else { return }
        var isFirst = true
        while let key = try scanner.key(isFirst: &isFirst) {
            switch try countKeys.find(key) {
            case 0: draft.counts.likes = try scanner.count("counts.likes")
            case 1: draft.counts.replies = try scanner.count("counts.replies")
            case 2: draft.counts.reposts = try scanner.count("counts.reposts")
            case 3: draft.counts.quotes = try scanner.count("counts.quotes")
            case 4: draft.counts.views = try scanner.count("counts.views")
            case 5: draft.counts.bookmarks = try scanner.count("counts.bookmarks")
            case 6: draft.counts.score = try scanner.integer("counts.score")
            default: try scanner.skip(depth: 2)
            }
        }
    }

    /// The handles of a list of `{id, handle}`; `nil` without a list.
    private func mentions(from scanner: inout JSONScanner) throws(RecordFault) -> [String]? {
        if try scanner.takeNull() { return nil }
        guard scanner.peek() == 0x5B else { throw RecordFault("'mentions' must be a list") }
        try scanner.open(0x5B)
        var handles: [String] = []
        var isFirstElement = true
        while try scanner.element(isFirst: &isFirstElement) {
            guard try scanner.openObject("mentions") else { continue }
            var isFirst = true
            while let key = try scanner.key(isFirst: &isFirst) {
                if try mentionKeys.find(key) == nil {
                    try scanner.skip(depth: 3)
                } else if let handle = try scanner.optionalText("mentions.handle")?.string() {
                    TermExtractor.append(handle.utf8.first == 0x40 ? String(handle.dropFirst()) : handle, to: &handles)
                }
            }
        }
        return handles
    }
}
