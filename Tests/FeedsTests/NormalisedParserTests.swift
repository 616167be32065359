import Domain
import Testing

@testable import Feeds

@Suite struct NormalisedParserTests {
    @Test func everyFieldThatAnalysesReadArrives() throws {
        let line = """
            {"v":1,"platform":"bluesky","id":"at://a/1","canonical":null,"op":"upsert","kind":"quote",\
            "created_at":"2026-03-14T09:26:53.123Z","observed_at":"2026-03-14T09:27:00Z","text":"caf\\u00e9 \\ud83d\\ude00",\
            "title":"t","lang":"EN-gb","url":"https://a.example/1","author":{"id":"did:1","handle":"ana","name":"Ana",\
            "followers":5400,"verified":true,"extra":[1]},"refs":{"conversation":"c","repost_of":"at://b/2"},\
            "hashtags":["AcmeAir","acmeair","#Travel"],"mentions":[{"id":"did:2","handle":"Help"},{"id":"did:3"}],\
            "urls":["https://news.example"],"media":[{"type":"image"},{"type":"video"}],\
            "counts":{"likes":1,"replies":2,"reposts":3,"quotes":4,"views":5,"bookmarks":6,"score":-7},"later":{"x":[{}]}}
            """
        var counts = Post.Counts()
        (counts.likes, counts.replies, counts.reposts, counts.quotes) = (1, 2, 3, 4)
        (counts.views, counts.bookmarks, counts.score) = (5, 6, -7)
        let expected = Post(
            platform: .bluesky, id: "at://a/1", kind: .quote, createdAt: Timestamp(milliseconds: 1_773_480_413_123),
            observedAt: Timestamp(seconds: 1_773_480_420), text: "café 😀", title: "t", language: "en",
            url: "https://a.example/1",
            author: Post.Author(id: "did:1", handle: "ana", name: "Ana", followers: 5400, verified: true),
            repostOf: "at://b/2", hashtags: ["acmeair", "travel"], mentions: ["help"], urls: ["https://news.example"],
            mediaCount: 2, counts: counts)
        #expect(try postOf(line).get() == expected)
    }

    @Test func unknownCountsStayUnknown() throws {
        let post = try postOf(postLine("1", extra: #","counts":{"likes":null,"replies":0}"#)).get()
        #expect(post.counts.likes == nil && post.counts.replies == 0 && post.counts.views == nil)
        #expect(post.author.followers == nil && post.language == "" && post.title == nil)
    }

    @Test func termsComeFromTheTextOnlyWhenTheSourceListsNone() throws {
        let text = "a #Good day @Ana"
        #expect(try postOf(postLine("1", text: text)).get().hashtags == ["good"])
        #expect(try postOf(postLine("1", text: text)).get().mentions == ["ana"])
        let listed = try postOf(postLine("1", text: text, extra: #","hashtags":[],"mentions":[]"#)).get()
        #expect(listed.hashtags == [] && listed.mentions == [])
    }

    @Test(arguments: [
        (#""id":"1""#, #""id":1"#, "'id' must be a string"), (#""id":"1""#, #""id":"""#, "'id' is missing"),
        (#""id":"1","#, "", "'id' is missing"), (#""id":"1""#, #""id":null"#, "'id' must be a string"),
        (#""v":1,"#, "", "'v' is missing"), (#""v":1"#, #""v":2"#, "'v' must be 1, not 2"),
        (#""platform":"x","#, "", "'platform' is missing"),
        (#""platform":"x""#, #""platform":"myspace""#, "'platform' is unknown: myspace"),
        (#""op":"upsert","#, "", "'op' is missing"), (#""op":"upsert""#, #""op":"drop""#, "'op' is unknown: drop"),
        (#""kind":"post","#, "", "'kind' is missing"),
        (#""kind":"post""#, #""kind":"story""#, "'kind' is unknown: story"),
        (#""created_at":"2026-03-14T09:26:53Z","#, "", "'created_at' is missing"),
        ("2026-03-14T09:26:53Z", "2026-03-14T09:26:53", "'created_at' is no RFC 3339 time: 2026-03-14T09:26:53"),
        ("2026-03-14T09:26:53Z", "soon", "'created_at' is no RFC 3339 time: soon"),
        ("2026-03-14", "2026-06-02", "'created_at' lies in the future (2006 minutes)"),
        (#","author":{"id":"a1"}"#, "", "'author.id' is missing"),
        (#"{"id":"a1"}"#, #"{"handle":"a"}"#, "'author.id' is missing"),
        (#"{"id":"a1"}"#, #""a1""#, "'author' must be an object"),
        (#"{"id":"a1"}"#, #"{"id":"a1","followers":-1}"#, "'author.followers' is negative: -1"),
        (#"{"id":"a1"}"#, #"{"id":"a1","followers":1.5}"#, "'author.followers' is no whole number: 1.5"),
        (#"{"id":"a1"}"#, #"{"id":"a1","followers":"7"}"#, "'author.followers' must be a whole number or null"),
        (#""a good day""#, "7", "'text' must be a string or null"),
        (#"{"id":"a1"}"#, #"{"id":"a1"},"hashtags":"a""#, "'hashtags' must be a list"),
        (#"{"id":"a1"}"#, #"{"id":"a1"},"mentions":["a"]"#, "'mentions' must be an object"),
    ])
    func aBrokenRuleIsNamed(part: String, broken: String, reason: String) throws {
        let line = postLine("1").replacing(part, with: broken)
        #expect(try reasonOf(line) == reason)
    }

    @Test(arguments: ["[]", "7", "\"a\"", "null", "{\"v\":1", "x", "{\"v\":1}}"])
    func aLineThatIsNoObjectIsNoPost(line: String) throws {
        #expect(try reasonOf(line)?.hasPrefix("not JSON: ") == true)
    }

    @Test func aClaimLaterThanItsObservationIsSetBack() throws {
        let line = postLine("1", at: "2031-01-01T00:00:00Z", extra: #","observed_at":"2026-03-14T09:26:53Z""#)
        let post = try postOf(line).get()
        #expect(post.createdAt == Timestamp(seconds: 1_773_480_413) && post.observedAt == post.createdAt)
    }

    @Test func aDeletionNeedsOnlyItsIds() throws {
        let post = try postOf(#"{"v":1,"platform":"mastodon","id":"a/7","op":"delete"}"#).get()
        #expect(post.operation == .delete && post.id == "a/7" && post.platform == .mastodon)
        let garbled =
            #"{"v":1,"platform":"x","id":"7","op":"delete","created_at":"never","observed_at":"2026-03-14T09:26:53Z"}"#
        #expect(try postOf(garbled).get().createdAt == Timestamp(seconds: 1_773_480_413))
        let author = try postOf(#"{"v":1,"platform":"x","id":"a1","op":"delete_author"}"#).get()
        #expect(author.operation == .deleteAuthor && author.author.id == "a1" && author.kind == .account)
    }

    @Test func longTextIsCutForAnalysis() throws {
        let post = try postOf(postLine("1", text: String(repeating: "é", count: 20_000))).get()
        #expect(post.text.utf8.count == FeedBounds.textBytes)
    }

    @Test func keysMayBeEscapedAndRepeatedAndInAnyOrder() throws {
        let line = postLine("1", extra: #","\u0069d":"2","text":"later""#)
        let post = try postOf(line).get()
        #expect(post.id == "2" && post.text == "later")
    }

    @Test func aMappingWithNothingButAPlatformFillsThatIn() throws {
        let line = postLine("1").replacing(#""platform":"x","#, with: "")
        #expect(try postOf(line, mapping: SourceMapping(platform: .reddit)).get().platform == .reddit)
    }
}
