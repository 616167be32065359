import Domain
import Harness
import Testing

@testable import Monitors

struct MatcherTests {
    @Test(arguments: [
        ("acme", "ACME is late", true), ("acme", "acmes are late", false), ("acme", "Acme's best", true),
        ("acme", "love #acme", true), ("acme", "hi @Acme!", true), ("acme", "#acmeair", false),
        ("acme", "https://acme.example/a", true), ("#acme", "acme", false), ("#acme", "#ACME", true),
        ("#acme", "#acme_air", false), ("@acme", "@acme", true), ("@acme", "me@acme.example", false),
        ("@acme", "@acme.bsky.social", true), ("@acme.bsky.social", "cc @Acme.bsky.social.", true),
        ("acme air", "air by acme", true), ("acme air", "acme", false),
        ("\"acme air\"", "the acme  air!", true), ("\"acme air\"", "acme-air", true),
        ("\"acme air\"", "air acme", false),
        ("\"acme air\"", "acme. Air", true), ("\"love acme\"", "love #acme", true),
        ("\"love #acme\"", "love acme", false),
        ("\"#東京 tower\"", "#東京 tower", true), ("\"#東京 tower\"", "#東京タワー tower", false),
        ("\"a b c\"", "a b a b c", true), ("\"a a b\"", "a a a b", true), ("\"a a b\"", "a b a b", false),
        ("acme -late", "acme on time", true), ("acme -late", "late acme", false),
        ("acme OR air -late", "late acme", true), ("(acme OR air) -late", "late acme", false),
        ("acme AND NOT (late OR lost)", "acme lost", false), ("NOT NOT acme", "acme", true),
        ("NOT (NOT a OR NOT b)", "b a", true), ("NOT (NOT a OR NOT b)", "b", false),
        ("air*", "airline", true), ("air*", "AIR", true), ("air*", "fair", false), ("#air*", "#airline", true),
        ("#air*", "airline", false), ("\"late fl*\"", "late flights", true), ("über*", "ÜBERALL", true),
        ("東京", "ここは東京タワー", true), ("東京", "東 京", false), ("京都", "東京。都", false),
        ("삼성", "삼성이", true), ("กา", "มากาแฟ", true), ("iphone発売", "iPhone発売!", true), ("iphone", "iPhone発売", true),
        ("STRASSE", "straße", true), ("cafe", "café", false), ("café", "CAFE\u{301}", true), ("👍", "ok👍🏽", true),
        ("$acme", "$ACME up", true), ("$acme", "acme up", false), ("\"it's\"", "it’s", true),
    ])
    func postsMatchAsPromised(query: String, text: String, isMatch: Bool) throws {
        let query = try Query(query)
        var scratch = Matcher.Scratch()
        #expect(
            Matcher(queries: [query]).queries(matching: Samples.post(text), scratch: &scratch) == (isMatch ? [0] : []))
        #expect(query.explain(text).isMatch == isMatch)
    }

    @Test func titlesMentionsAndHashtagsAreSearchedEachForItself() throws {
        let queries = try ["title", "@jo", "#tag", "jo", "\"end start\"", "author_handle", "@a.example"].map {
            try Query($0)
        }
        let matcher = Matcher(queries: queries)
        var scratch = Matcher.Scratch()
        let post = Samples.post(
            "at the end", title: "Start of title", mentions: ["jo", "a.example"], hashtags: ["tag"])
        #expect(matcher.queries(matching: post, scratch: &scratch) == [0, 1, 2, 3, 6])
        #expect(matcher.queries(matching: Samples.post(""), scratch: &scratch) == [])
    }

    @Test func aBatchGivesTheBrandsOfEachPostInOrder() throws {
        let matcher = Matcher(queries: try ["acme", "air", "acme OR late"].map { try Query($0) })
        var scratch = Matcher.Scratch()
        var matches = BrandMatches()
        for _ in 0..<2 {
            matcher.match(["air acme", "", "late", "air"].map { Samples.post($0) }, into: &matches, scratch: &scratch)
            #expect((0..<matches.count).map { Array(matches[$0]) } == [[0, 1, 2], [], [2], [1]])
        }
        matcher.match([], into: &matches, scratch: &scratch)
        #expect(matches.count == 0)
    }

    @Test func aScratchServesOneMatcherAfterTheOther() throws {
        var scratch = Matcher.Scratch()
        let first = Matcher(queries: [try Query("acme")])
        let second = Matcher(queries: try ["air", "late", "acme"].map { try Query($0) })
        #expect(first.queries(matching: Samples.post("acme"), scratch: &scratch) == [0])
        #expect(second.queries(matching: Samples.post("acme"), scratch: &scratch) == [2])
        #expect(first.queries(matching: Samples.post("air"), scratch: &scratch) == [])
    }

    @Test func threadsShareAMatcher() async throws {
        let matcher = Matcher(queries: try (0..<100).map { try Query("brand\($0) OR \"all brands\"") })
        let counts = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var scratch = Matcher.Scratch()
                    let posts = (0..<50).map { Samples.post($0 == worker ? "all brands" : "brand\($0) late") }
                    var matches = BrandMatches()
                    matcher.match(posts, into: &matches, scratch: &scratch)
                    return matches.mentions
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 149, count: 8))
    }

    /// The oracle evaluates each query alone, by comparing tokens one by one.
    @Test(arguments: 0..<8) func theMatcherAgreesWithASlowEvaluation(seed: UInt64) {
        var random = Seeded(state: seed)
        let queries = (0..<200).map { _ in Samples.query(using: &random) }
        let matcher = Matcher(queries: queries)
        var scratch = Matcher.Scratch()
        for _ in 0..<15 {
            let text = Samples.text(using: &random)
            let found = Set(matcher.queries(matching: Samples.post(text), scratch: &scratch))
            let tokens = Token.tokens(of: text)
            for (index, query) in queries.enumerated()
            where query.explain(tokens).isMatch != found.contains(UInt32(index)) {
                Issue.record("seed \(seed): \(query) on \(text.debugDescription)")
            }
        }
    }

    @Test func twoThousandBrandsDoNotDisturbEachOther() throws {
        let matcher = Matcher(queries: try (0..<2000).map { try Query("brand\($0) AND (late OR \"on time\") -lost") })
        var scratch = Matcher.Scratch()
        for brand in stride(from: 0, to: 2000, by: 37) {
            let post = Samples.post("brand\(brand) is on time, not like brand\(brand + 2000)")
            #expect(matcher.queries(matching: post, scratch: &scratch) == [UInt32(brand)])
            let lost = Samples.post("brand\(brand) lost it, late")
            #expect(matcher.queries(matching: lost, scratch: &scratch) == [])
        }
    }
}
