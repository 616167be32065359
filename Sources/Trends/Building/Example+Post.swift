import Domain

extension Example {
    /// Longer ids, which no platform has, do not enter samples: PostgreSQL could not index them.
    static let idLimit = 512
    /// Longer handles are cut; the longest of a platform is about 250 bytes (a domain name).
    static let authorLimit = 256
    /// Longer addresses are left out: browsers and servers do not take them either.
    static let urlLimit = 2048

    /// Copies what a sample keeps of a post.
    init(_ post: borrowing Post, hash: UInt64, sentiment: Sentiment?) {
        self.init(
            hash: hash, id: post.id.withoutZeros, createdAt: post.createdAt,
            author: (post.author.handle ?? post.author.id).cut(toBytes: Self.authorLimit).withoutZeros,
            text: post.text.cut(toBytes: Self.textLimit).withoutZeros,
            url: post.url.flatMap { $0.utf8.count > Self.urlLimit ? nil : $0.withoutZeros }, sentiment: sentiment)
    }
}

extension String {
    /// The text with U+0000, which PostgreSQL's text cannot hold, as a space.
    var withoutZeros: String {
        guard withBytes({ $0.contains(0) }) else { return self }
        return String(decoding: utf8.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }

    /// The longest beginning of at most `limit` bytes that ends between characters.
    ///
    /// Of a text whose first character alone is longer, it ends between Unicode scalars.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex {
            if Index(end, within: self) != nil { return String(self[..<end]) }
            end = utf8.index(before: end)
        }
        end = utf8.index(startIndex, offsetBy: limit)
        while Index(end, within: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(unicodeScalars[..<end])
    }
}
