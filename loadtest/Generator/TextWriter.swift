/// Writes the words of one post after another.
struct TextWriter: ~Copyable {
    /// What a post is to say.
    struct Topic {
        var named = NamedBrands()
        /// 0 negative, 1 neutral, 2 positive; an ironic post is a negative one.
        var mood = 1
        /// A planted hashtag of the brand's event, in `tags`; -1 for none.
        var eventTag = -1
        var language = 0
        /// Where people write `@handle` and `#tag`.
        var hasHandles = true
    }

    private enum Form { case plain, lower, upper, handle, hashtag }

    /// Shares in percent of a post's habits; invented, so that no two posts look alike.
    private enum Share {
        static let second = 22
        static let emoji = 34
        static let topicTag = 30
        static let link = 10
        static let shouting = 4
        static let irony = 14
    }

    /// `"text":"…","lang":"…"` of the post written last.
    private(set) var content = LineWriter(capacity: 4_096)
    /// `,"hashtags":[…],"mentions":[…],"urls":[…]` of the post written last; parts that are empty are left out.
    private(set) var terms = LineWriter(capacity: 1_024)

    private let wordings: [Wording]
    private let brands: [BrandForms]
    private let topicTags: [[UInt8]]
    private let topicChoice: WeightedChoice
    private let eventTags: [[UInt8]]

    init(_ scenario: Scenario, eventTags: [String]) {
        wordings = scenario.languages.map { wanted in
            guard let book = PhraseBook.all.first(where: { $0.language == wanted.language }) else {
                preconditionFailure("no phrase book for '\(wanted.language)'")
            }
            return Wording(book)
        }
        brands = scenario.brands.map { BrandForms($0) }
        topicTags = Topics.hashtags(scenario.hashtags)
        topicChoice = .zipf(topicTags.count, shift: 3)
        self.eventTags = eventTags.map { Array($0.utf8) }
    }

    mutating func write(_ topic: Topic, _ random: inout Seeded) {
        content.removeAll()
        terms.removeAll()
        content.append("\"text\":\"")
        let form = form(topic, &random)
        let start = content.count
        writeSentences(topic, form, &random)
        if topic.language == 0, random.percent(Share.shouting) { content.capitalise(from: start) }
        writeTags(topic, form, &random)
        if topic.named.first >= 0, form == .handle {
            terms.append(",\"mentions\":[{\"handle\":\"")
            terms.append(brands[topic.named.first].handle)
            terms.append("\"}]")
        }
        if random.percent(Share.link) { writeLink(&random) }
        content.append("\",\"lang\":\"")
        content.append(wordings[topic.language].language)
        content.append("\"")
    }

    private func form(_ topic: Topic, _ random: inout Seeded) -> Form {
        switch random.below(topic.hasHandles ? 100 : 80) {
        case ..<54: .plain
        case ..<76: .lower
        case ..<80: .upper
        case ..<94: .handle
        default: .hashtag
        }
    }

    private mutating func writeSentences(_ topic: Topic, _ form: Form, _ random: inout Seeded) {
        let wording = wordings[topic.language]
        let mood = wording.moods[moodIndex(topic, &random)]
        // Another brand only where the counts know of it.
        let cores = topic.named.second >= 0 ? mood.comparisons : mood.cores
        write(mood.openings[random.below(mood.openings.count)], wording, topic, form, &random)
        write(cores[random.below(cores.count)], wording, topic, form, &random)
        write(mood.closings[random.below(mood.closings.count)], wording, topic, form, &random)
        if random.percent(Share.second) {
            content.append(" ")
            write(mood.cores[random.below(mood.cores.count)], wording, topic, form, &random)
            content.append(".")
        }
        guard random.percent(Share.emoji) else { return }
        content.append(" ")
        let emoji = mood.emoji[random.below(mood.emoji.count)]
        for _ in 0...random.below(3) { write(emoji, wording, topic, form, &random) }
    }

    private func moodIndex(_ topic: Topic, _ random: inout Seeded) -> Int {
        if topic.named.first < 0 { return Wording.elsewhere }
        let isIronic = topic.mood == 0 && topic.named.second < 0 && random.percent(Share.irony)
        return isIronic ? Wording.ironic : topic.mood
    }

    private mutating func write(
        _ part: Wording.Part, _ wording: borrowing Wording, _ topic: Topic, _ form: Form, _ random: inout Seeded
    ) {
        for piece in part.start..<part.start + part.count {
            let piece = wording.pieces[piece]
            switch piece.slot {
            case .literal: content.append(wording.bytes, from: piece.start, count: piece.count)
            case .brand: write(brand: topic.named.first, form)
            case .otherBrand: content.append(brands[topic.named.second].plain)
            case .product:
                let products = brands[topic.named.first].products
                content.append(products[random.below(products.count)])
            case .number: content.append(number: UInt64(2 + random.below(58)))
            case .weekday: content.append(wording.weekdays[random.below(7)])
            case .elongation:
                let letter = content.last
                for _ in 0..<random.below(5) { content.append(letter) }
            }
        }
    }

    private mutating func write(brand: Int, _ form: Form) {
        switch form {
        case .plain: content.append(brands[brand].plain)
        case .lower: content.append(brands[brand].lower)
        case .upper: content.append(brands[brand].upper)
        case .handle:
            content.append("@")
            content.append(brands[brand].handle)
        case .hashtag:
            content.append("#")
            content.append(brands[brand].handle)
        }
    }

    /// The brand's own tag is in the text already; the others are added at its end.
    private mutating func writeTags(_ topic: Topic, _ form: Form, _ random: inout Seeded) {
        var isFirst = true
        if topic.named.first >= 0, form == .hashtag { list(tag: brands[topic.named.first].handle, &isFirst) }
        if topic.eventTag >= 0 { add(tag: eventTags[topic.eventTag], &isFirst) }
        if !topicTags.isEmpty, random.percent(Share.topicTag) {
            let tag = topicChoice.draw(&random)
            add(tag: topicTags[tag], &isFirst)
            let another = topicChoice.draw(&random)
            if another != tag, random.percent(40) { add(tag: topicTags[another], &isFirst) }
        }
        if !isFirst { terms.append("]") }
    }

    private mutating func add(tag: [UInt8], _ isFirst: inout Bool) {
        content.append(" #")
        content.append(tag)
        list(tag: tag, &isFirst)
    }

    private mutating func list(tag: [UInt8], _ isFirst: inout Bool) {
        terms.append(isFirst ? ",\"hashtags\":[\"" : ",\"")
        terms.append(tag)
        terms.append("\"")
        isFirst = false
    }

    private mutating func writeLink(_ random: inout Seeded) {
        let site = Topics.sites[min(random.below(Topics.sites.count), random.below(Topics.sites.count))]
        let page = UInt64(random.below(1 << 24))
        content.append(" https://")
        content.append(site)
        content.append(number: page, base: 36)
        terms.append(",\"urls\":[\"https://")
        terms.append(site)
        terms.append(number: page, base: 36)
        terms.append("\"]")
    }
}
