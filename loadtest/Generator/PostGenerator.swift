import Domain

/// Writes a scenario's posts in order of time, as lines of JSON in the normalised format, version 1.
///
/// Memory does not grow with the number of posts, except for a table of some bytes per author.
package struct PostGenerator: ~Copyable {
    /// Bytes per block handed out: large enough that the cost of a write does not show.
    private static let blockBytes = 1 << 20
    /// Percent of the brands' posts that name a second brand too.
    private static let comparisonPercent = 6
    /// Percent of a brand's posts in an event that carry its hashtag.
    private static let eventTagPercent = 66

    package let scenario: Scenario
    /// What has been written so far.
    package private(set) var expected: ExpectedCounts

    private let schedule: Schedule
    private let platformChoice: WeightedChoice
    private let languageChoice: WeightedChoice
    private let authorChoice: WeightedChoice
    private let moods: [WeightedChoice]
    private let crashMood: WeightedChoice
    private var streams: WeightedChoice
    private var random: Seeded
    private var text: TextWriter
    private var lines = LineWriter(capacity: blockBytes + 8_192)
    private var id = LineWriter(capacity: 256)
    private var recent: [RecentPosts]
    private var clock: PostClock

    package init(_ scenario: Scenario) {
        self.scenario = scenario
        expected = ExpectedCounts(brands: scenario.brands.count, days: scenario.days)
        schedule = Schedule(scenario)
        platformChoice = WeightedChoice(scenario.platforms.map(\.weight))
        languageChoice = WeightedChoice(scenario.languages.map(\.weight))
        authorChoice = .zipf(scenario.authors, shift: 20)
        moods = scenario.brands.map { WeightedChoice([$0.mood.negative, $0.mood.neutral, $0.mood.positive]) }
        let share = scenario.crash?.negativePercent ?? 0
        crashMood = WeightedChoice([share, (100 - share) * 2 / 3 + 1, (100 - share) / 3])
        streams = schedule.choice(hour: 0)
        random = Seeded(scenario.seed)
        text = TextWriter(scenario, eventTags: [scenario.spike?.hashtag ?? "", scenario.crash?.hashtag ?? ""])
        recent = .init(repeating: RecentPosts(), count: scenario.platforms.count)
        clock = PostClock(start: scenario.start.milliseconds, posts: schedule.posts)
    }

    /// Hands out the next lines, about a mebibyte of whole ones; false when all posts have been written.
    package mutating func nextBlock(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows -> Bool {
        lines.removeAll()
        while lines.count < Self.blockBytes, let moment = clock.next(&random) {
            if moment.isNewHour { streams = schedule.choice(hour: moment.hour) }
            writePost(moment)
        }
        guard lines.count > 0 else { return false }
        expected.bytes += lines.count
        try lines.withBytes(body)
        return true
    }

    private mutating func writePost(_ moment: PostClock.Moment) {
        let author = Author(
            rank: authorChoice.draw(&random), seed: scenario.seed, platforms: platformChoice, languages: languageChoice)
        let platform = scenario.platforms[author.platform].platform
        let style = PlatformStyle(platform)
        id.removeAll()
        style.writeID(milliseconds: moment.milliseconds, sequence: expected.posts, author: author, into: &id)
        let share = random.below(100)
        let day = moment.hour / 24
        if share < scenario.repostPercent, style.hasReposts, !recent[author.platform].isEmpty {
            writeRepost(moment, author, style, day: day)
            return
        }
        let isReply =
            share < scenario.repostPercent + scenario.replyPercent && !recent[author.platform].isEmpty
        let topic = topic(hour: moment.hour, language: author.language, hasHandles: style.hasHandles)
        text.write(topic, &random)
        writeHead(moment, style, kind: isReply ? style.replyKind : "post")
        lines.append(text.content)
        write(author, platform)
        if isReply {
            lines.append(",\"refs\":{\"reply_to\":\"")
            let entries = recent[author.platform].entries
            lines.append(entries[random.below(entries.count)].id)
            lines.append("\"}")
        }
        lines.append(text.terms)
        writeCounts(author, style)
        recent[author.platform].remember(
            id: id, content: text.content, terms: text.terms, named: topic.named, mood: topic.mood)
        expected.add(topic.named, day: day, mood: topic.mood)
    }

    private mutating func writeRepost(_ moment: PostClock.Moment, _ author: Author, _ style: PlatformStyle, day: Int) {
        writeHead(moment, style, kind: "repost")
        let index = random.below(recent[author.platform].entries.count)
        lines.append(recent[author.platform].entries[index].content)
        write(author, style.platform)
        lines.append(",\"refs\":{\"repost_of\":\"")
        lines.append(recent[author.platform].entries[index].id)
        lines.append("\"}")
        lines.append(recent[author.platform].entries[index].terms)
        writeCounts(author, style)
        let entry = recent[author.platform].entries[index]
        expected.add(entry.named, day: day, mood: entry.mood)
    }

    private mutating func topic(hour: Int, language: Int, hasHandles: Bool) -> TextWriter.Topic {
        var topic = TextWriter.Topic(language: language, hasHandles: hasHandles)
        let brand = streams.draw(&random) - 1
        guard brand >= 0 else { return topic }
        topic.named.first = brand
        let isSpike = scenario.spike?.brand == brand && schedule.isSpike(hour: hour)
        let isCrash = scenario.crash?.brand == brand && schedule.isCrash(hour: hour)
        topic.mood = isCrash ? crashMood.draw(&random) : moods[brand].draw(&random)
        if isSpike || (isCrash && topic.mood == 0), random.percent(Self.eventTagPercent) {
            topic.eventTag = isSpike ? 0 : 1
        }
        if scenario.brands.count > 1, random.percent(Self.comparisonPercent) {
            let other = random.below(scenario.brands.count - 1)
            topic.named.second = other < brand ? other : other + 1
        }
        return topic
    }

    private mutating func writeHead(_ moment: PostClock.Moment, _ style: PlatformStyle, kind: StaticString) {
        lines.append("{\"v\":1,\"platform\":\"")
        lines.append(style.name)
        lines.append("\",\"id\":\"")
        lines.append(id)
        lines.append("\",\"op\":\"upsert\",\"kind\":\"")
        lines.append(kind)
        lines.append("\",\"created_at\":\"")
        clock.write(moment, milliseconds: style.hasMilliseconds, into: &lines)
        lines.append("\",")
    }

    private mutating func write(_ author: Author, _ platform: Platform) {
        lines.append(",\"author\":{\"id\":\"")
        PlatformStyle(platform).writeAuthorID(author, into: &lines)
        lines.append("\",\"handle\":\"")
        lines.append(handleOf: author)
        lines.append("\",\"followers\":")
        lines.append(number: author.followers)
        lines.append(author.verified ? ",\"verified\":true}" : "}")
    }

    /// Most posts get nothing; a few, of accounts with many followers, get thousands.
    private mutating func writeCounts(_ author: Author, _ style: PlatformStyle) {
        let luck = UInt64(random.below(1_000))
        let likes = author.followers * luck / (20_000 + 980 * luck) * luck / 1_000
        lines.append(style.hasReposts ? ",\"counts\":{\"likes\":" : ",\"counts\":{\"score\":")
        lines.append(number: likes)
        lines.append(",\"replies\":")
        lines.append(number: likes / 9)
        if style.hasReposts {
            lines.append(",\"reposts\":")
            lines.append(number: likes / 6)
        }
        lines.append("}}\n")
    }
}
