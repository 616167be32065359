internal import Anomalies
internal import Domain
internal import Monitors
internal import Trends

/// Looks for the drivers of an episode in samples of its hours and of those before.
///
/// A sampled post stands for as many as its hour had for each of its sample. All counts are in units of the episode's
/// sampled posts: what they tell is not surer than their number.
struct DriverInquiry {
    /// A sampled post, and how many posts it stands for.
    private struct Heard {
        var voice: Voice
        var weight: Double
    }

    private let episode: [Heard]
    private let before: [Heard]

    /// Baseline counts are whole numbers of this part of a post.
    private static let unit = 16.0
    /// Beside a driver twenty times as strong a key only shares its posts.
    private static let leastScore = 0.05
    private static let shortestTerm = 3
    /// Fewer words are said alike by people who do not know each other.
    private static let shortestDuplicate = 4
    private static let duplicateLimit = 80

    /// - Parameters:
    ///   - voices: of the episode's hours and those of its baseline.
    ///   - range: the episode, in seconds.
    ///   - negativeOnly: looks at negative posts only, on both sides.
    init(_ voices: [Int64: Voices], _ range: Range<Int64>, platform: Platform?, negativeOnly: Bool) {
        var episode: [Heard] = []
        var before: [Heard] = []
        for (_, heard) in voices.sorted(by: { $0.key < $1.key }) where !heard.sample.isEmpty {
            let weight = Double(heard.posts) / Double(heard.sample.count)
            for voice in heard.sample {
                guard platform == nil || voice.platform == platform else { continue }
                guard !negativeOnly || voice.example.sentiment?.label == .negative else { continue }
                let second = voice.example.createdAt.seconds
                if range.contains(second) {
                    episode.append(Heard(voice: voice, weight: weight))
                } else if second < range.lowerBound {
                    before.append(Heard(voice: voice, weight: weight))
                }
            }
        }
        self.episode = episode
        self.before = before
    }

    /// The strongest first; posts, authors and expectations are estimates for all posts of the episode.
    ///
    /// - Parameter expectedShare: the part of the episode's posts that was expected.
    func drivers(expectedShare: Double, limit: Int) -> [AlertDriver] {
        guard !episode.isEmpty else { return [] }
        let weight = episode.reduce(0) { $0 + $1.weight } / Double(episode.count)
        let usual = before.reduce(0) { $0 + $1.weight } / Double(max(before.count, 1))
        let ranking = DriverRanking(
            episode: Self.totals(episode, per: weight, unit: 1),
            baseline: Self.totals(before, per: usual, unit: Self.unit), episodePosts: Double(episode.count),
            expectedPosts: Double(episode.count) * expectedShare, baselinePosts: Double(before.count) * Self.unit)
        let drivers = ranking.drivers(limit: limit)
        let least = (drivers.first?.score ?? 0) * Self.leastScore
        return drivers.filter { $0.score >= least }.map { driver in
            AlertDriver(
                kind: driver.key.kind.name, key: driver.key.value,
                posts: Int64((Double(driver.totals.posts) * weight).rounded()),
                // As many posts of one author as of another: the sample's authors stand for as many.
                authors: Self.authors(driver, weight), expected: (driver.expected * weight).rounded(toPlaces: 1),
                share: driver.share.rounded(toPlaces: 3), score: driver.score.rounded(toPlaces: 1))
        }
    }

    private static func authors(_ driver: Driver, _ weight: Double) -> Int64 {
        guard driver.key.kind != .author, driver.totals.authors > 1 else { return driver.totals.authors }
        return Int64((Double(driver.totals.authors) * weight).rounded())
    }

    /// Posts of the episode that have the driver, or of it at all; each text once.
    func examples(of driver: AlertDriver?, limit: Int) -> [AlertExample] {
        var texts: Set<String> = []
        var examples: [AlertExample] = []
        let ordered = episode.map(\.voice).sorted { ($0.hash, $0.id) < ($1.hash, $1.id) }
        for voice in ordered where examples.count < limit {
            if let driver,
                !Self.keys(of: voice).contains(where: { $0.kind.name == driver.kind && $0.value == driver.key })
            {
                continue
            }
            guard texts.insert(voice.example.text).inserted else { continue }
            examples.append(
                AlertExample(
                    postID: voice.id, author: voice.example.author, createdAt: voice.example.createdAt,
                    text: voice.example.text, url: voice.example.url))
        }
        return examples
    }

    private static func totals(_ heard: [Heard], per weight: Double, unit: Double) -> [DriverKey: KeyTotals] {
        var posts: [DriverKey: Double] = [:]
        var authors: [DriverKey: Set<String>] = [:]
        for one in heard {
            for key in keys(of: one.voice) {
                posts[key, default: 0] += one.weight / weight
                authors[key, default: []].insert(one.voice.example.author)
            }
        }
        return posts.reduce(into: [:]) { totals, entry in
            let count = max((entry.value * unit).rounded(), 1)
            let people = Double(authors[entry.key]?.count ?? 0) * unit
            totals[entry.key] = KeyTotals(posts: Int64(count), authors: Int64(min(people, count)))
        }
    }

    /// All that a post may have in common with others, each once.
    static func keys(of voice: Voice) -> Set<DriverKey> {
        var keys: Set<DriverKey> = [DriverKey(.platform, voice.platform.name)]
        if !voice.language.isEmpty { keys.insert(DriverKey(.language, voice.language)) }
        if !voice.example.author.isEmpty { keys.insert(DriverKey(.author, voice.example.author)) }
        for tag in voice.hashtags { keys.insert(DriverKey(.hashtag, tag)) }
        for domain in voice.domains { keys.insert(DriverKey(.domain, domain)) }
        let words = words(of: voice.example.text)
        for word in words where word.unicodeScalars.count >= shortestTerm || !word.utf8.allSatisfy({ $0 < 0x80 }) {
            keys.insert(DriverKey(.term, word))
        }
        if words.count >= shortestDuplicate {
            keys.insert(DriverKey(.duplicate, String(words.joined(separator: " ").prefix(duplicateLimit))))
        }
        return keys
    }

    /// The words of a text, folded, without links, tags and numbers.
    private static func words(of text: String) -> [String] {
        let parts = text.split { $0.isWhitespace }.filter { !$0.contains("://") }
        var tagged = 0
        return Token.tokens(of: parts.joined(separator: " ")).compactMap { token in
            if let tag = token.tag { tagged = tag.range.upperBound }
            guard token.range.lowerBound >= tagged, !token.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return token.text
        }
    }
}

extension Double {
    fileprivate func rounded(toPlaces places: Int) -> Double {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}
