package import Domain

extension Scenario {
    /// Two weeks of five brands, with one spike and one sentiment crash to be found.
    ///
    /// - `lastDay`: any moment of the last of the 14 days. Give a past day: posts are spread over all of it.
    package static func demo(lastDay: Timestamp, posts: Int = 100_000, seed: UInt64 = 1) -> Scenario {
        let start = Timestamp(seconds: lastDay.seconds / day * day - 13 * day)
        return Scenario(
            name: "demo", seed: seed, posts: posts, start: start, days: 14,
            brands: [
                Brand("Aero Nimbra", products: airline, weight: 30, mood: (38, 34, 28)),
                Brand("Brimvale", products: coffee, weight: 24, mood: (18, 34, 48)),
                Brand("Quenzo", products: phone, weight: 22, mood: (28, 40, 32)),
                Brand("Tavvik", products: bicycle, weight: 14, mood: (20, 38, 42)),
                Brand("Osprella", products: delivery, weight: 10, mood: (36, 34, 30)),
            ],
            brandPercent: 70,
            platforms: [(.x, 50), (.bluesky, 20), (.reddit, 18), (.mastodon, 12)],
            languages: [("en", 86), ("es", 8), ("de", 6)],
            authors: max(posts / 8, 1), hashtags: 120, repostPercent: 14, replyPercent: 16,
            // The tenth day from 15:00 on: the busy hours, so that the day stands out.
            spike: Spike(
                brand: 2, start: Timestamp(seconds: start.seconds + 9 * day + 15 * hour), hours: 8, factor: 12,
                hashtag: "quenzofold"),
            crash: Crash(
                brand: 0, start: Timestamp(seconds: start.seconds + 11 * day + 6 * hour), hours: 30,
                negativePercent: 84, hashtag: "nimbrafail"))
    }

    /// One day of posts of which half name one of ten brands: for measuring throughput.
    package static func load(day moment: Timestamp, posts: Int, seed: UInt64 = 1) -> Scenario {
        let start = Timestamp(seconds: moment.seconds / day * day)
        let names = [
            "Aero Nimbra", "Brimvale", "Quenzo", "Tavvik", "Osprella", "Lumorra", "Dappelo", "Mirrowby", "Sundrelle",
            "Yarvoo",
        ]
        let products = [airline, coffee, phone, bicycle, delivery]
        return Scenario(
            name: "load", seed: seed, posts: posts, start: start, days: 1,
            brands: names.enumerated().map { index, name in
                Brand(name, products: products[index % products.count], weight: 20 - index, mood: (30, 38, 32))
            },
            brandPercent: 50,
            platforms: [(.x, 40), (.bluesky, 25), (.reddit, 20), (.mastodon, 15)],
            languages: [("en", 70), ("es", 18), ("de", 12)],
            // More authors than any day of one brand has, but few enough that the table stays in memory.
            authors: min(max(posts / 6, 1), 1_000_000), hashtags: 200, repostPercent: 14, replyPercent: 16)
    }

    private static let hour: Int64 = 3_600
    private static let day: Int64 = 86_400

    private static let airline = ["flight", "boarding", "seat", "check-in", "luggage service", "lounge", "crew"]
    private static let coffee = ["latte", "coffee", "breakfast", "loyalty card", "espresso", "cold brew"]
    private static let phone = ["phone", "battery", "camera", "screen", "charger", "software update"]
    private static let bicycle = ["bike", "saddle", "motor", "brake", "frame", "repair kit"]
    private static let delivery = ["delivery", "courier", "order", "parcel", "tracking page", "voucher"]
}
