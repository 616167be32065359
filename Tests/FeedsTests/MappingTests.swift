import Domain
import Foundation
import Testing

@testable import Feeds

@Suite struct MappingTests {
    private let foreign = SourceMapping(
        platform: .x,
        fields: [
            "created_at": "ts", "text": "body.text", "lang": "lang", "author.handle": "user.screen", "id": "id_str",
            "counts.likes": "likes", "author.verified": "user.verified", "hashtags": "tags",
        ], values: ["lang": ["English": "en"]])

    @Test func valuesComeFromTheirPaths() throws {
        let line = """
            {"id_str":19000000000000000000123,"ts":1773480413,"body":{"text":"hi @Ana","html":"<p>"},"lang":"English",\
            "user":{"screen":"@bob","verified":1,"x":{}},"likes":"12","tags":["A","b"],"more":[[{}]]}
            """
        let post = try postOf(line, mapping: foreign).get()
        #expect(post.id == "19000000000000000000123" && post.platform == .x && post.language == "en")
        #expect(post.createdAt == Timestamp(seconds: 1_773_480_413) && post.text == "hi @Ana")
        #expect(post.author == Post.Author(id: "bob", handle: "bob", verified: true))
        #expect(
            post.counts.likes == 12 && post.hashtags == ["a", "b"] && post.mentions == ["ana"] && post.kind == .post)
    }

    @Test func flatKeysThatSpellAPathCount() throws {
        let line = #"{"id_str":"1","ts":"2026-03-14 09:26:53","body.text":"flat","user.screen":"bob"}"#
        let post = try postOf(line, mapping: foreign).get()
        #expect(post.text == "flat" && post.author.handle == "bob")
    }

    @Test func onePathMayFillSeveralFields() throws {
        let mapping = SourceMapping(fields: ["author.id": "user", "author.name": "user"])
        let post = try postOf(#"{"created_at":"2026-03-14","text":"a","user":"bob"}"#, mapping: mapping).get()
        #expect(post.author.id == "bob" && post.author.name == "bob" && post.author.handle == nil)
    }

    @Test func recordsWithoutIdAreNumberedByTheirPlace() throws {
        let lines = #"{"ts":1,"text":"a"}"# + "\n\n" + #"{"ts":2,"text":"b","id":"own"}"#
        #expect(try readText(lines, mapping: SourceMapping(fields: ["created_at": "ts"])).ids == ["sample#0", "own"])
        let numbered = SourceMapping(fields: ["created_at": "ts", "id": "$line"])
        #expect(try readText(lines, mapping: numbered).ids == ["sample#0", "sample#21"])
        let named = SourceMapping(fields: ["created_at": "ts", "id": "key"])
        #expect(try readText(lines, mapping: named).reasons.first == "'id' (from 'key') is missing")
    }

    @Test func repostsAreKnownByTheirText() throws {
        let mapping = SourceMapping(fields: ["created_at": "ts"])
        #expect(try postOf(#"{"ts":1,"text":"RT @ana: hello"}"#, mapping: mapping).get().kind == .repost)
        #expect(try postOf(#"{"ts":1,"text":"ART @ana"}"#, mapping: mapping).get().kind == .post)
        let kinds = SourceMapping(fields: ["created_at": "ts", "kind": "k"], values: ["kind": ["RETWEET": "repost"]])
        #expect(try postOf(#"{"ts":1,"text":"RT @ana","k":"post"}"#, mapping: kinds).get().kind == .post)
        #expect(try postOf(#"{"ts":1,"text":"a","k":"RETWEET"}"#, mapping: kinds).get().kind == .repost)
        #expect(
            try reasonOf(#"{"ts":1,"text":"a","k":"x"}"#, mapping: kinds)
                == "'kind' is unknown: x; replace it under 'values'")
    }

    @Test(arguments: [
        (#"{"text":"a"}"#, "'created_at' (from 'ts') is missing"),
        (#"{"ts":"soon","text":"a"}"#, "'created_at' is no time: soon"),
        (#"{"ts":1}"#, "'text' is missing"),
        (#"{"ts":99999999999,"text":"a"}"#, "'created_at' lies in the future (1636995466 minutes)"),
        (#"{"ts":1,"text":"a","likes":"many"}"#, "'counts.likes' is no whole number: many"),
        (#"{"ts":1,"text":"a","likes":-2}"#, "'counts.likes' is negative: -2"),
        (#"{"ts":1,"text":{"a":1}}"#, "'text' must be a text, a number, true or false"),
        (#"{"ts":1,"text":"a","tags":[1]}"#, "'a list' must be a string"),
        (#"[{"ts":1}]"#, "not JSON: the line is no object at byte 0"),
    ])
    func aRecordThatCannotBeMappedSaysWhy(line: String, reason: String) throws {
        let mapping = SourceMapping(fields: ["created_at": "ts", "counts.likes": "likes", "hashtags": "tags"])
        #expect(try reasonOf(line, mapping: mapping) == reason)
    }

    @Test func listsMayBeWrittenAsText() throws {
        let mapping = SourceMapping(fields: ["hashtags": "h", "mentions": "m", "urls": "u"])
        let line =
            #"{"created_at":1,"text":"","h":"['A', 'b']","m":"@Ana;bob","u":"https://a.example https://b.example"}"#
        let post = try postOf(line, mapping: mapping).get()
        #expect(post.hashtags == ["a", "b"] && post.mentions == ["ana", "bob"] && post.urls.count == 2)
    }

    @Test(arguments: [
        (SourceMapping(fields: ["creatd_at": "ts"]), "'creatd_at' is no field of a post; did you mean 'created_at'?"),
        (
            SourceMapping(values: ["author.handel": [:]]),
            "'author.handel' is no field of a post; did you mean 'author.handle'?"
        ),
        (SourceMapping(fields: ["text": "$line"]), "'$line' is an id; 'text' cannot come from it"),
        (SourceMapping(fields: ["id": "$row"]), "'id': '$row' is unknown; the only special source is '$line'"),
        (SourceMapping(fields: ["id": "a..b"]), "'id': the path 'a..b' has an empty part"),
        (SourceMapping(fields: ["id": ""]), "'id': the path '' has an empty part"),
        (
            SourceMapping(values: ["kind": ["RT": "repots"]]),
            "'kind': 'RT' becomes 'repots', which is unknown; did you mean 'repost'?"
        ),
        (
            SourceMapping(values: ["lang": ["English": "???"]]),
            "'lang': 'English' becomes '???', which is no language tag such as 'en' or 'pt-BR'"
        ),
        (
            SourceMapping(values: ["counts.likes": ["a": "1"]]),
            "'values' cannot replace 'counts.likes': only words can be replaced, not times, counts, lists"
        ),
    ])
    func aMappingThatMakesNoSenseIsRefused(mapping: SourceMapping, message: String) {
        #expect(throws: FeedError.mapping(message)) { try mapping.validate() }
    }

    private static let shared = ProcessInfo.processInfo.environment["GROUNDSWELL_SHARED"]

    @Test(.enabled(if: shared != nil, "skipped: GROUNDSWELL_SHARED is not set"))
    func aRealArchiveIsReadWhole() throws {
        let mapping = SourceMapping(platform: .x, fields: ["created_at": "ts", "author.handle": "user"])
        let result = try readFile(try #require(Self.shared) + "/data/text/airline.dev.jsonl.gz", mapping: mapping)
        #expect(result.posts.count == 7233 && result.quarantined == [])
        #expect(Set(result.ids).count == 7233)
        #expect(result.posts.allSatisfy { !$0.text.isEmpty && !$0.author.id.isEmpty && $0.platform == .x })
    }

    @Test func theWholeVocabularyIsValid() throws {
        var mapping = SourceMapping()
        for target in SourceMapping.targets { mapping.fields[target] = "a.b" }
        try mapping.validate()
    }
}
