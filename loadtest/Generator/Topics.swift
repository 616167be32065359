/// Hashtags and links that have nothing to do with a brand.
enum Topics {
    private static let stems = [
        "monday", "weekend", "travel", "home", "garden", "music", "movie", "book", "city", "winter", "summer", "food",
        "fitness", "game", "night", "morning", "photo", "art", "tech", "family",
    ]
    private static let endings = ["", "mood", "life", "time", "talk", "love", "news", "tips", "club", "day"]

    /// Up to 200, then numbered ones.
    static func hashtags(_ count: Int) -> [[UInt8]] {
        let named = endings.flatMap { ending in stems.map { $0 + ending } }
        return (0..<count).map { index in
            Array((index < named.count ? named[index] : "topic\(index)").utf8)
        }
    }

    static let sites: [StaticString] = [
        "news.example/a/", "blog.example/p/", "video.example/watch/", "daily.example/story/", "shop.example/item/",
        "forum.example/t/", "weekly.example/", "review.example/r/",
    ]
}
