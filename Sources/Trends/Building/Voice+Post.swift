import Domain

extension Voice {
    /// Copies what a sample of voices keeps of a post.
    init(_ post: borrowing Post, example: Example, language: String) {
        var example = example
        example.text = example.text.cut(toBytes: Self.textLimit)
        let domains = post.urls.lazy.compactMap { url in
            url.withBytes { TermCollector.host(of: $0).map { String(decoding: $0, as: UTF8.self).lowercased() } }
        }
        self.init(
            example: example, platform: post.platform, language: language, hashtags: Self.keys(post.hashtags),
            domains: Self.keys(domains))
    }

    /// The first distinct ones that are short enough to be kept as terms are.
    private static func keys(_ texts: some Sequence<String>) -> [String] {
        var keys: [String] = []
        for text in texts where (1...TermCollector.byteLimit).contains(text.utf8.count) && !keys.contains(text) {
            keys.append(text.withoutZeros)
            if keys.count == keyLimit { break }
        }
        return keys
    }
}
