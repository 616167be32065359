/// A field of a post that a mapping may fill.
///
/// The raw value is its place in the values of a record.
enum MappingTarget: Int, CaseIterable {
    case id, createdAt, text, title, language, kind, url, platform
    case authorID, authorHandle, authorName, authorFollowers, authorVerified
    case observedAt, repostOf, hashtags, mentions, urls
    case likes, replies, reposts, quotes, views, bookmarks, score

    /// As mappings spell it.
    var name: String { Self.names[rawValue] }

    static let names = [
        "id", "created_at", "text", "title", "lang", "kind", "url", "platform",
        "author.id", "author.handle", "author.name", "author.followers", "author.verified",
        "observed_at", "repost_of", "hashtags", "mentions", "urls",
        "counts.likes", "counts.replies", "counts.reposts", "counts.quotes", "counts.views", "counts.bookmarks",
        "counts.score",
    ]

    init?(name: String) {
        guard let index = Self.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: index)
    }

    /// Read from the field of the same name although no mapping names it: without these a record is no post.
    var isImplied: Bool { self == .id || self == .createdAt || self == .text }

    /// Whether replacing one value by another makes sense: for words, not for times, counts and lists.
    var takesValues: Bool {
        switch self {
        case .text, .title, .language, .kind, .url, .platform, .authorID, .authorHandle, .authorName, .authorVerified,
            .repostOf:
            true
        case .id, .createdAt, .authorFollowers, .observedAt, .hashtags, .mentions, .urls, .likes, .replies, .reposts,
            .quotes, .views, .bookmarks, .score:
            false
        }
    }
}

/// The name among `names` that `word` most likely meant; `nil` when none is near.
func nearest(to word: String, among names: some Sequence<String>) -> String? {
    let limit = max(2, word.count / 2)
    var best: (name: String, distance: Int)?
    for name in names {
        let distance = editDistance(word.lowercased(), name.lowercased())
        if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
    }
    return best?.name
}

/// How many characters must be added, dropped or changed to turn one word into the other.
private func editDistance(_ left: String, _ right: String) -> Int {
    // Names are short; a hostile one must not cost much.
    let left = Array(left.prefix(64))
    let right = Array(right.prefix(64))
    var row = Array(0...right.count)
    for (index, character) in left.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for (column, other) in right.enumerated() {
            let changed = diagonal + (character == other ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
        }
    }
    return row[right.count]
}
