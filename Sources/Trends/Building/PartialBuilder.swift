package import Domain
import Sketches

/// Folds the matched posts of one shard into a partial.
///
/// While absorbing, only windows of the finest grain are counted; the coarser follow from them in `finish()`. The
/// result does not depend on how posts are batched, nor on their order.
///
/// One builder serves one shard at a time: `finish()` gives a part of its result, `beginShard()` starts the next.
package struct PartialBuilder: Sendable {
    private let grains: [Grain]
    private let unsureBelow: Int64
    private let hearsVoices: Bool
    /// `absorb` counts `posts`, `matched` and `mentions`, `quarantine` counts `quarantined`; the rest is the caller's.
    package var totals = ShardTotals()

    /// Windows by grain, down from the day; terms hang on hours and samples on days, so these are always there.
    private var days = WindowTable()
    private var hours = WindowTable()
    private var minutes = WindowTable()
    /// One entry for each window of the finest grain.
    private var measures: [Measures] = []
    /// One entry for each day.
    private var samples: [[Example]] = []
    /// The highest hash that may still enter each sample; kept apart so that most posts need not look at it.
    private var thresholds: [UInt64] = []
    /// Pairs of an hour (upper half of the key) and a term (lower half), and the posts of each.
    private var termWindows = Numbering<UInt64>()
    private var termCounts: [Int64] = []
    private var voices = VoiceCollector()
    /// One entry for each hour: the number of its voices.
    private var voicesOfHour: [Int] = []
    private var languages = TextTable()
    private var terms = TermCollector()
    private var quarantined: [QuarantinedRecord] = []
    private var quarantinedBefore = 0
    private var size = EncodedSize()
    private var scratch: [UInt32] = []

    /// - Parameters:
    ///   - grains: the windows wanted; terms are counted by the hour and samples kept by the day whatever they are.
    ///   - unsureBelow: a label less probable than this, in millionths, counts as unsure.
    ///   - hearsVoices: whether samples are kept by the hour too, in which the drivers of anomalies are found.
    package init(grains: [Grain], unsureBelow: Int64, hearsVoices: Bool = false) {
        self.grains = Grain.allCases.filter(grains.contains)
        self.unsureBelow = unsureBelow
        self.hearsVoices = hearsVoices
    }

    /// About how many bytes the partial would take when encoded, rather too many than too few.
    package var estimatedBytes: Int { size.bytes + terms.bytes }

    /// Counts the posts of a batch once for each brand that they mention.
    ///
    /// Deletions are passed over.
    ///
    /// - Parameters:
    ///   - matches: one entry a post.
    ///   - readings: one entry a post, or none at all without a model.
    ///   - mentions: what brands' own heads say, in place of a post's reading.
    ///   - reasons: one entry a post, or none at all when nobody asked; of the post's reading.
    package mutating func absorb(
        _ posts: [Post], _ matches: BrandMatches, readings: [Reading?], ofMentions mentions: MentionReadings = .init(),
        reasons: [PostReasons?] = []
    ) {
        precondition(
            reasons.isEmpty || reasons.count == posts.count, "\(reasons.count) reasons for \(posts.count) posts")
        precondition(matches.count == posts.count, "\(matches.count) matches for \(posts.count) posts")
        precondition(
            readings.isEmpty || readings.count == posts.count,
            "\(readings.count) readings for \(posts.count) posts")
        // By pointer: a copy of a post would retain and release all of its texts, which costs as much as counting it.
        posts.withUnsafeBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return }
            for index in buffer.indices where first[index].operation == .upsert {
                totals.posts += 1
                let brands = matches[index]
                guard !brands.isEmpty else { continue }
                totals.matched += 1
                totals.mentions += Int64(brands.count)
                absorb(
                    first + index, brands, readings.isEmpty ? nil : readings[index],
                    reasons.isEmpty ? nil : reasons[index]
                ) { mentions[index, $0] }
            }
        }
    }

    private mutating func absorb(
        _ post: UnsafePointer<Post>, _ brands: ArraySlice<UInt16>, _ reading: Reading?, _ reasons: PostReasons?,
        ofMention: (UInt16) -> Reading?
    ) {
        let platform = post.pointee.platform
        let unread = Measures(
            post.pointee.kind, mediaCount: post.pointee.mediaCount, counts: post.pointee.counts,
            followers: post.pointee.author.followers)
        let usual = unread.reading(reading, unsureBelow)
        let author = PostHash.author(platform, post.pointee.author.id)
        let hash = PostHash.hash(platform, post.pointee.id)
        let language = languages.intern(Self.language(post.pointee.language))
        let start = finest.start(of: post.pointee.createdAt)
        var example: Example?
        terms.collect(
            hashtags: post.pointee.hashtags, mentions: post.pointee.mentions, urls: post.pointee.urls, reasons: reasons,
            into: &scratch)
        for brand in brands {
            let window = window(WindowKey(start: start, brand: brand, platform: platform, language: language))
            let own = ofMention(brand)
            let increment = own.map { unread.reading($0, unsureBelow) } ?? usual
            if measures[window].readings.isZero, !increment.readings.isZero { size.addReadings(grains) }
            measures[window].addCounts(increment)
            if let author, measures[window].authors.insert(hash: author) { size.addAuthor(grains) }
            let hour = finest == .minute ? minutes.parents[window] : window
            for term in scratch { count(term, hour) }
            let day = hours.parents[hour]
            guard post.pointee.id.utf8.count <= Example.idLimit else { continue }
            let isHeard = hearsVoices && voices.count(voicesOfHour[hour], hash: hash, id: post.pointee.id)
            guard isHeard || hash <= thresholds[day] else { continue }
            var entering = example ?? Example(post.pointee, hash: hash, sentiment: reading?.sentiment)
            example = entering
            if let own { entering.sentiment = own.sentiment }
            if isHeard { hear(Voice(post.pointee, example: entering, language: languages.text(language)), hour) }
            if hash <= thresholds[day] { sample(entering, day) }
        }
    }

    private mutating func sample(_ example: Example, _ day: Int) {
        let full = samples[day].count == Example.sampleSize
        size.add(example, inPlaceOf: full ? samples[day].last : nil)
        example.enter(&samples[day])
        if samples[day].count == Example.sampleSize, let last = samples[day].last { thresholds[day] = last.hash }
    }

    private mutating func hear(_ voice: Voice, _ hour: Int) {
        size.add(voice, inPlaceOf: voices.enter(voice, voicesOfHour[hour]))
    }

    /// Keeps records that could not be read, up to `Partial.quarantineLimit` a shard, and every poisonous one.
    ///
    /// Who counts the shard again must know what to leave unread.
    package mutating func quarantine(_ records: [QuarantinedRecord]) {
        totals.quarantined += Int64(records.count)
        for var record in records {
            guard record.isPoison || quarantinedBefore + quarantined.count < Partial.quarantineLimit else { continue }
            record.reason = record.reason.withoutZeros
            size.add(record)
            quarantined.append(record)
        }
    }

    /// Gives what was absorbed since the last call and starts the next part of the same shard.
    package mutating func finish() -> Partial {
        var partial = Partial()
        partial.totals = totals
        partial.quarantine = quarantined.sorted { $0.comes(before: $1) }
        finishRollups(&partial)
        finishTerms(&partial)
        for (day, key) in days.keys.enumerated() {
            let key = ExampleKey(
                start: key.start, brand: key.brand, platform: key.platform, language: languages.text(key.language))
            partial.examples[key] = samples[day]
        }
        partial.voices = Dictionary(uniqueKeysWithValues: voices.entries)
        var next = PartialBuilder(grains: grains, unsureBelow: unsureBelow, hearsVoices: hearsVoices)
        next.quarantinedBefore = quarantinedBefore + quarantined.count
        self = next
        return partial
    }

    /// Lets the next shard have its own share of quarantined records.
    ///
    /// Call it after `finish()`.
    package mutating func beginShard() { quarantinedBefore = 0 }
}

extension PartialBuilder {
    /// The grain that is counted while absorbing: hours at least, since terms need them.
    private var finest: Grain { grains.first == .minute ? .minute : .hour }

    /// A language tag needs no more than 35 bytes (RFC 5646, section 4.4.1); anything longer is none.
    private static func language(_ tag: String) -> String { tag.utf8.count > 35 ? "" : tag.withoutZeros }

    /// The number of the window of the finest grain, made if new, with the coarser windows around it.
    private mutating func window(_ key: WindowKey) -> Int {
        guard finest == .minute else { return hour(key) }
        if let number = minutes.number(of: key) { return number }
        return addWindow(minutes.add(key, parent: hour(key.within(.hour))), .minute)
    }

    private mutating func hour(_ key: WindowKey) -> Int {
        if let number = hours.number(of: key) { return number }
        if hearsVoices { voicesOfHour.append(voices.number(start: key.start, brand: key.brand)) }
        return addWindow(hours.add(key, parent: day(key.within(.day))), .hour)
    }

    private mutating func day(_ key: WindowKey) -> Int {
        if let number = days.number(of: key) { return number }
        samples.append([])
        thresholds.append(.max)
        return addWindow(days.add(key, parent: 0), .day)
    }

    private mutating func addWindow(_ number: Int, _ grain: Grain) -> Int {
        if grain == finest { measures.append(Measures()) }
        if grains.contains(grain) { size.addRow() }
        return number
    }

    private mutating func count(_ term: UInt32, _ hour: Int) {
        let key = UInt64(hour) << 32 | UInt64(term)
        let hash = SecretHash.hash(key)
        if let number = termWindows.number(of: key, hash: hash) {
            termCounts[number] += 1
        } else {
            termCounts.append(1)
            _ = termWindows.add(key, hash: hash)
            size.addTerm()
        }
    }

    private func finishRollups(_ partial: inout Partial) {
        partial.rollups.reserveCapacity(minutes.count + hours.count + days.count)
        var current = measures
        if finest == .minute {
            add(.minute, minutes, current, to: &partial)
            current = Self.fold(current, minutes.parents, count: hours.count)
        }
        if grains.contains(.hour) { add(.hour, hours, current, to: &partial) }
        if grains.contains(.day) {
            add(.day, days, Self.fold(current, hours.parents, count: days.count), to: &partial)
        }
    }

    private func add(_ grain: Grain, _ windows: WindowTable, _ measures: [Measures], to partial: inout Partial) {
        for (key, measures) in zip(windows.keys, measures) {
            let key = RollupKey(
                grain: grain, start: key.start, brand: key.brand, platform: key.platform,
                language: languages.text(key.language))
            partial.rollups[key] = measures
        }
    }

    private static func fold(_ measures: [Measures], _ parents: [Int], count: Int) -> [Measures] {
        var folded = [Measures](repeating: Measures(), count: count)
        for (measures, parent) in zip(measures, parents) { folded[parent].merge(measures) }
        return folded
    }

    private func finishTerms(_ partial: inout Partial) {
        partial.terms.reserveCapacity(termCounts.count)
        for (key, count) in zip(termWindows.keys, termCounts) {
            let window = hours.keys[Int(key >> 32)]
            let term = terms.term(UInt32(truncatingIfNeeded: key))
            let key = TermKey(
                start: window.start, brand: window.brand, platform: window.platform,
                language: languages.text(window.language), kind: term.kind, term: term.text)
            partial.terms[key] = count
        }
    }
}
