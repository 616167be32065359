import Domain
import Sketches
import Testing
import Trends

struct PartialBuilderTests {
    private static let noon = Timestamp(seconds: 1_760_011_200 + 61)
    private static let minute = Int64(1_760_011_260)
    private static let hour = Int64(1_760_011_200)
    private static let day = Int64(1_759_968_000)

    private static func absorb(
        _ posts: [Post], brands: [UInt16] = [4], readings: [Reading?] = [], grains: [Grain] = Grain.allCases
    ) -> Partial {
        var matches = BrandMatches()
        for _ in posts { matches.append(brands) }
        var builder = PartialBuilder(grains: grains, unsureBelow: 500_000)
        builder.absorb(posts, matches, readings: readings)
        return builder.finish()
    }

    private static func post(_ id: String, kind: Post.Kind = .post) -> Post {
        Post(platform: .x, id: id, kind: kind, createdAt: noon, language: "en", author: .init(id: "a"))
    }

    private static func key(_ grain: Grain, _ start: Int64, brand: UInt16 = 4) -> RollupKey {
        RollupKey(grain: grain, start: start, brand: brand, platform: .x, language: "en")
    }

    @Test func aBrandsOwnReadingCountsForThatBrandAlone() throws {
        var matches = BrandMatches()
        matches.append([2, 4])
        var own = MentionReadings()
        own[0, 4] = .fast(Sentiment(negative: 0.9, positive: 0))
        var builder = PartialBuilder(grains: [.day], unsureBelow: 500_000)
        let praise = Reading.fast(Sentiment(negative: 0, positive: 0.9))
        builder.absorb([Self.post("1")], matches, readings: [praise], ofMentions: own)
        let partial = builder.finish()
        let general = try #require(partial.rollups[Self.key(.day, Self.day, brand: 2)])
        let special = try #require(partial.rollups[Self.key(.day, Self.day)])
        #expect(general.positive == 1 && general.negative == 0)
        #expect(special.positive == 0 && special.negative == 1 && special.negativeSum == 900_000)
        let examples = partial.examples.mapValues { $0.map(\.sentiment?.label) }
        #expect(
            Dictionary(examples.map { ($0.key.brand, $0.value) }, uniquingKeysWith: { $0 + $1 })
                == [2: [.positive], 4: [.negative]])
    }

    @Test func aMentionCountsOnceInEachGrainAndForEachBrand() {
        let partial = Self.absorb([Self.post("1")], brands: [2, 4])
        #expect(partial.rollups.count == 6)
        for (grain, start) in [(Grain.minute, Self.minute), (.hour, Self.hour), (.day, Self.day)] {
            for brand in [UInt16(2), 4] {
                let measures = partial.rollups[Self.key(grain, start, brand: brand)]
                #expect(measures?.posts == 1)
                #expect(measures?.authors.cardinality == 1)
            }
        }
        #expect(partial.totals.posts == 1)
        #expect(partial.totals.matched == 1)
        #expect(partial.totals.mentions == 2)
    }

    @Test(arguments: [[], [.minute], [.hour], [.day], [.minute, .day], [.hour, .day], Grain.allCases] as [[Grain]])
    func anyChoiceOfGrainsGivesTheSameRows(grains: [Grain]) {
        var maker = PostMaker(seed: 5)
        let batch = maker.batch(200)
        let all = partial(of: batch)
        let chosen = partial(of: batch, grains: grains)
        #expect(chosen.rollups == all.rollups.filter { grains.contains($0.key.grain) })
        #expect(chosen.terms == all.terms)
        #expect(chosen.examples == all.examples)
    }

    @Test func kindsCountAsDocumented() {
        let kinds: [Post.Kind] = [.post, .reply, .comment, .repost, .quote, .quote, .account]
        let posts = kinds.enumerated().map { Self.post("\($0.offset)", kind: $0.element) }
        let measures = Self.absorb(posts).rollups[Self.key(.day, Self.day)]
        #expect(measures?.posts == 7)
        #expect(measures?.replies == 2)
        #expect(measures?.reposts == 1)
        #expect(measures?.quotes == 2)
    }

    @Test func countsAreBoundedAndUnknownOnesAreNone() {
        var known = Self.post("1")
        known.author.followers = 10
        known.mediaCount = 2
        known.counts.likes = 1
        known.counts.replies = 2
        known.counts.reposts = 3
        known.counts.quotes = 4
        known.counts.views = 1000
        var absurd = Self.post("2")
        absurd.author.followers = .max
        absurd.counts.likes = .max
        absurd.counts.replies = .min
        let measures = Self.absorb([known, absurd, Self.post("3")]).rollups[Self.key(.day, Self.day)]
        #expect(measures?.engagement == 10_000_000_010)
        #expect(measures?.reach == 10_000_000_010)
        #expect(measures?.reachKnown == 2)
        #expect(measures?.withMedia == 1)
    }

    private static func deep(
        positive: Float, irony: DeepReading.Flag, doubtful: Bool = false, emotions: SIMD4<Int64>, emotion: Emotion
    ) -> Reading {
        let no = DeepReading.Flag(probability: 10_000, isRaised: false)
        return .deep(
            DeepReading(
                sentiment: Sentiment(negative: 0, positive: positive), isDoubtful: doubtful, irony: irony,
                offence: no, hate: no, emotions: emotions, emotion: emotion))
    }

    @Test func readingsCountFlagsEmotionsAndWhatNobodyCanRead() {
        let readings: [Reading?] = [
            Self.deep(
                positive: 0.75, irony: .init(probability: 900_000, isRaised: true), doubtful: true,
                emotions: SIMD4(700_000, 100_000, 100_000, 100_000), emotion: .anger),
            Self.deep(
                positive: 0.75, irony: .init(probability: 100_000, isRaised: false),
                emotions: SIMD4(250_000, 300_000, 250_000, 200_000), emotion: .joy),
            .unsupported, .fast(Sentiment(negative: 0, positive: 0.75)), nil,
        ]
        let posts = readings.indices.map { Self.post("\($0)") }
        let measures = Self.absorb(posts, readings: readings).rollups[Self.key(.hour, Self.hour)]
        #expect(measures?.posts == 5)
        // Praise that is surely ironic has no label, though its probability counts.
        #expect(measures?.positive == 2)
        #expect(measures?.unsure == 1)
        #expect(measures?.positiveSum == 2_250_000)
        let counts = measures?.readings
        #expect(counts?[.unsupported] == 1)
        #expect(counts?[.readDeep] == 2)
        #expect(counts?[.ironic] == 1)
        #expect(counts?[.ironicSum] == 1_000_000)
        #expect(counts?[.offensive] == 0)
        #expect(counts?[.hatefulSum] == 20_000)
        #expect(counts?[.anger] == 1)
        // Less probable than a label must be.
        #expect(counts?[.joy] == 0)
        #expect(counts?[.joySum] == 400_000)
    }

    @Test func labelsAndSumsFollowTheModelAndItsThreshold() {
        let posts = (0..<5).map { Self.post("\($0)") }
        let readings: [Reading?] = [
            .fast(Sentiment(negative: 0.75, positive: 0.125)), .fast(Sentiment(negative: 0.125, positive: 0.75)),
            .fast(Sentiment(negative: 0.125, positive: 0.125)), .fast(Sentiment(negative: 0.375, positive: 0.25)), nil,
        ]
        let measures = Self.absorb(posts, readings: readings).rollups[Self.key(.hour, Self.hour)]
        #expect(measures?.posts == 5)
        #expect(measures?.negative == 1)
        #expect(measures?.positive == 1)
        #expect(measures?.neutral == 1)
        #expect(measures?.unsure == 1)
        #expect(measures?.negativeSum == 1_375_000)
        #expect(measures?.positiveSum == 1_250_000)
        #expect(measures?.neutralSum == 1_375_000)
        #expect(measures?.readings.isZero == true)
        let unscored = Self.absorb(posts).rollups[Self.key(.hour, Self.hour)]
        #expect(unscored?.neutral == 0)
        #expect(unscored?.neutralSum == 0)
    }

    @Test func deletionsAndPostsWithoutBrandAreNotMentions() {
        var deletion = Self.post("1")
        deletion.operation = .delete
        #expect(Self.absorb([deletion]) == Partial())
        let unmatched = Self.absorb([Self.post("1")], brands: [])
        #expect(unmatched.rollups.isEmpty && unmatched.terms.isEmpty && unmatched.examples.isEmpty)
        #expect(unmatched.totals.posts == 1)
        #expect(unmatched.totals.matched == 0)
    }

    @Test func authorsAreHashedWithTheirPlatformAndEmptyIdsAreUnknown() {
        var unknown = Self.post("2")
        unknown.author.id = ""
        let measures = Self.absorb([Self.post("1"), unknown]).rollups[Self.key(.minute, Self.minute)]
        var expected = HyperLogLog()
        expected.insert(hash: MurmurHash3.hash64("x:a"))
        #expect(measures?.authors == expected)
    }

    @Test func termsAreCountedOncePerPostHourAndKind() {
        var post = Self.post("1")
        post.hashtags = ["tide", "tide", "a\u{0}b", "", String(repeating: "x", count: 256)]
        post.mentions = ["tide"]
        post.urls = [
            "https://www.Example.ORG/a", "http://user@example.org:8080?q", "example.org", "https://",
            "ftp://[::1]:21/x",
        ]
        var other = post
        other.id = "2"
        other.hashtags = ["re\u{301}sume\u{301}", "r\u{e9}sum\u{e9}"]
        let terms = Self.absorb([post, other]).terms
        func count(_ kind: TermKind, _ term: String) -> Int64? {
            terms[TermKey(start: Self.hour, brand: 4, platform: .x, language: "en", kind: kind, term: term)]
        }
        #expect(count(.hashtag, "tide") == 1)
        #expect(count(.mention, "tide") == 2)
        #expect(count(.domain, "example.org") == 2)
        #expect(count(.domain, "[::1]") == 2)
        // The two spellings differ in bytes, so PostgreSQL would hold them apart too.
        #expect(count(.hashtag, "re\u{301}sume\u{301}") == 1)
        #expect(count(.hashtag, "r\u{e9}sum\u{e9}") == 1)
        #expect(terms.count == 6)
    }

    @Test func aSampleKeepsTheLowestHashesWhateverTheOrder() {
        let posts = (0..<100).map { Self.post("\($0)") }
        let key = ExampleKey(start: Self.day, brand: 4, platform: .x, language: "en")
        let sample = Self.absorb(posts).examples[key]
        let hashes = (0..<100).map { MurmurHash3.hash64("x:\($0)") }.sorted()
        #expect(sample?.map(\.hash) == Array(hashes.prefix(8)))
        #expect(Self.absorb(posts.reversed()).examples[key] == sample)
    }

    @Test func examplesAreCutBetweenCharactersAndFreeOfZeros() throws {
        var post = Self.post("1")
        let family = "👨‍👩‍👧"
        post.text = String(repeating: "a", count: 1020) + family
        post.author.handle = "na\u{0}me"
        post.url = "https://example.org/" + String(repeating: "a", count: 3000)
        let key = ExampleKey(start: Self.day, brand: 4, platform: .x, language: "en")
        let example = try #require(Self.absorb([post]).examples[key]?.first)
        #expect(example.text == String(repeating: "a", count: 1020))
        #expect(example.author == "na me")
        #expect(example.url == nil)
        post.text = "e" + String(repeating: "\u{301}", count: 1000)
        let long = try #require(Self.absorb([post]).examples[key]?.first)
        #expect(long.text.utf8.count == 1023)
    }

    @Test func quarantineIsBoundedForTheShardAndNotForItsParts() {
        var builder = PartialBuilder(grains: [.day], unsureBelow: 0)
        let records = (0..<700).map { QuarantinedRecord(offset: 700 - $0, reason: "bad", excerpt: []) }
        builder.quarantine(records)
        let first = builder.finish()
        builder.quarantine(records)
        let second = builder.finish()
        builder.beginShard()
        builder.quarantine(records)
        #expect(first.quarantine.count == 700)
        #expect(first.quarantine.first?.offset == 1)
        #expect(second.quarantine.count == 300)
        #expect(second.totals.quarantined == 700)
        #expect(builder.finish().quarantine.count == 700)
    }

    @Test func theEstimateOfTheEncodedSizeIsClose() throws {
        var maker = PostMaker(seed: 3)
        var builder = PartialBuilder(grains: Grain.allCases, unsureBelow: 0)
        #expect(builder.estimatedBytes == 0)
        let batch = maker.batch(500)
        builder.absorb(batch.posts, batch.matches, readings: batch.readings)
        let estimate = builder.estimatedBytes
        let size = try builder.finish().encoded().count
        #expect(estimate >= size && estimate < size * 2, "estimated \(estimate), encoded \(size)")
        #expect(builder.estimatedBytes == 0)
    }

    @Test func poisonousRecordsAreKeptBeyondTheBound() {
        var builder = PartialBuilder(grains: [.day], unsureBelow: 450_000)
        let bad = QuarantinedRecord(offset: 1, reason: "no id", excerpt: [])
        builder.quarantine(Array(repeating: bad, count: Partial.quarantineLimit + 5))
        builder.quarantine([QuarantinedRecord(offset: 9, reason: "poison: it kills", excerpt: []), bad])
        let partial = builder.finish()
        #expect(partial.quarantine.count == Partial.quarantineLimit + 1)
        #expect(partial.quarantine.last?.offset == 9)
        #expect(partial.totals.quarantined == Int64(Partial.quarantineLimit) + 7)
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func batchesAndOrderDoNotMatter(seed: UInt64) throws {
        var maker = PostMaker(seed: seed)
        let batch = maker.batch(60)
        let whole = partial(of: batch)
        var builder = PartialBuilder(grains: Grain.allCases, unsureBelow: 450_000, hearsVoices: true)
        for index in batch.posts.indices.shuffled(using: &maker.random) {
            var matches = BrandMatches()
            matches.append(batch.matches[index])
            builder.absorb([batch.posts[index]], matches, readings: [batch.readings[index]])
        }
        let pieces = builder.finish()
        #expect(pieces == whole, "seed \(seed)")
        #expect(try pieces.encoded() == whole.encoded(), "seed \(seed)")
    }
}
