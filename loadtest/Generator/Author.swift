/// An invented account: everything about it follows from its rank, so none is stored.
struct Author {
    let rank: Int
    let platform: Int
    let language: Int
    let followers: UInt64
    let verified: Bool
    /// Picks the words of the handle.
    let look: UInt64

    init(rank: Int, seed: UInt64, platforms: WeightedChoice, languages: WeightedChoice) {
        var random = Seeded(Seeded.mix(seed ^ 0x6175_7468) &+ UInt64(rank))
        self.rank = rank
        platform = platforms.draw(&random)
        language = languages.draw(&random)
        // Pareto with exponent 1, by one division: the median has 40 followers, one in a million 20 million.
        followers = 20_000_000 / (1 + random.next() % 1_000_000)
        verified = followers > 2_000 && random.percent(30)
        look = random.next()
    }

    static let adjectives: [StaticString] = [
        "quiet", "amber", "brisk", "cosmic", "dusty", "early", "fuzzy", "golden", "humble", "indigo", "jolly", "kind",
        "lunar", "mellow", "nimble", "odd", "plain", "quick", "rusty", "silver", "tidy", "urban", "vivid", "wild",
    ]
    static let nouns: [StaticString] = [
        "fern", "otter", "kettle", "harbor", "pixel", "maple", "comet", "badger", "lantern", "pebble", "walnut",
        "raven",
        "meadow", "teapot", "cedar", "finch", "ladder", "mango", "violet", "anchor", "biscuit", "thunder", "willow",
    ]
}

extension LineWriter {
    /// `quietfern1k3`: two words and the rank, so no two accounts share one.
    mutating func append(handleOf author: Author) {
        append(Author.adjectives[Int(author.look & 0xffff) % Author.adjectives.count])
        append(Author.nouns[Int((author.look >> 16) & 0xffff) % Author.nouns.count])
        append(number: UInt64(author.rank), base: 36)
    }
}
