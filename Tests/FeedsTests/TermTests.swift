import Domain
import Testing

@testable import Feeds

@Suite struct TermTests {
    @Test func hashtagsAreFoundInEveryScript() {
        #expect(TermExtractor.hashtags(in: "#Travel is #good, #travel again") == ["travel", "good"])
        #expect(TermExtractor.hashtags(in: "#МОСКВА и #東京タワー ＃Straße #नमस्ते") == ["москва", "東京タワー", "straße", "नमस्ते"])
        #expect(TermExtractor.hashtags(in: "(#a) #b_1! \"#c\" 😀#d") == ["a", "b_1", "c", "d"])
    }

    @Test func whatOnlyLooksLikeAHashtagIsNone() {
        for text in [
            "# a", "#123", "a#b", "&#39;", "https://a.example/x#part", "##", "#", "no", "", "/#x", "é#x", "☂️ ︎",
        ] {
            #expect(TermExtractor.hashtags(in: text) == [], "\(text)")
        }
    }

    @Test func theSameWordGetsTheSameBytes() {
        let composed = "#caf\u{E9}"
        let decomposed = "#CAFE\u{301}"
        let tags = TermExtractor.hashtags(in: "\(decomposed) \(composed)")
        #expect(tags.map { Array($0.utf8) } == [Array("caf\u{E9}".utf8)])
    }

    @Test func mentionsFollowTheRulesOfTheirPlatform() {
        #expect(
            TermExtractor.mentions(in: "@AcmeAir's crew, @acmeair and (@Ana_1)!", platform: .x) == ["acmeair", "ana_1"])
        #expect(TermExtractor.mentions(in: "@united.Thanks", platform: .x) == ["united"])
        #expect(TermExtractor.mentions(in: "hi @help.bsky.example.", platform: .bluesky) == ["help.bsky.example"])
        #expect(
            TermExtractor.mentions(in: "@ana@social.example @bob", platform: .mastodon) == [
                "ana@social.example", "bob",
            ])
        #expect(TermExtractor.mentions(in: "@acme.air-", platform: .instagram) == ["acme.air"])
        #expect(TermExtractor.mentions(in: "@acme谢谢", platform: .x) == ["acme"])
        #expect(TermExtractor.mentions(in: "@Žofie", platform: .youtube) == ["žofie"])
    }

    @Test func addressesAndLinksAreNoMentions() {
        for text in ["a@b.example", "https://a.example/@ana", "@", "@ a", "..@ana", "@@ana", "no"] {
            #expect(TermExtractor.mentions(in: text, platform: .x) == [], "\(text)")
        }
    }

    @Test func termsAreBounded() {
        let text = (0..<200).map { "#t\($0)" }.joined(separator: " ")
        #expect(TermExtractor.hashtags(in: text).count == FeedBounds.termsPerPost)
        let long = "#" + String(repeating: "é", count: 5000)
        #expect(TermExtractor.hashtags(in: long).first?.utf8.count == FeedBounds.termBytes)
    }

    @Test func languagesBecomePrimaryTags() {
        for (tag, primary) in [
            ("en", "en"), ("EN-us", "en"), ("zh_Hant", "zh"), ("und", ""), ("", ""), ("English", "english"), ("e", ""),
            ("e1", ""), ("123", ""), ("Русский", ""), ("toolonglanguage", ""),
        ] { #expect(Folding.language(tag) == primary, "\(tag)") }
    }

    @Test func textIsCutBetweenCharacters() {
        #expect(Folding.prefix(of: "abc", bytes: 3) == "abc")
        #expect(Folding.prefix(of: "abcd", bytes: 3) == "abc")
        #expect(Folding.prefix(of: "abé", bytes: 3) == "ab")
        let family = "👨‍👩‍👧"
        #expect(Folding.prefix(of: "ab\(family)\(family)", bytes: 2 + family.utf8.count + 3) == "ab\(family)")
        // One character longer than the bound is cut between scalars rather than lost.
        let marks = "e" + String(repeating: "\u{301}", count: 500)
        let cut = Folding.prefix(of: marks, bytes: 100)
        #expect(cut.utf8.count <= 100 && cut.utf8.count >= 98)
    }
}
