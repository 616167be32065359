import Domain
import Harness
import Testing

@testable import Feeds

@Suite struct CSVTests {
    private let mapping = SourceMapping(fields: ["created_at": "ts", "author.handle": "user", "counts.likes": "likes"])

    @Test(arguments: [",", ";", "\t"]) func theHeaderTellsTheDelimiter(delimiter: String) throws {
        let rows = [["id", "ts", "user", "likes", "text"], ["1", "2026-03-14", "ana", "3", "a good day"]]
        let text = rows.map { $0.joined(separator: delimiter) }.joined(separator: "\n")
        let post = try #require(try readText(text, .csv, mapping: mapping).posts.first)
        #expect(post.id == "1" && post.author.id == "ana" && post.counts.likes == 3 && post.text == "a good day")
    }

    @Test func quotesHoldNewlinesDelimitersAndQuotes() throws {
        let text = "id,ts,user,likes,text\r\n1,2026-03-14,ana,,\"a, \"\"b\"\"\r\nc\"\r\n2,2026-03-14,bob,0,5\" pipe\r\n"
        let result = try readText(text, .csv, mapping: mapping)
        #expect(result.posts.map(\.text) == ["a, \"b\"\r\nc", "5\" pipe"])
        #expect(result.posts.map(\.counts.likes) == [nil, 0])
        #expect(result.quarantined == [])
    }

    @Test func aRecordOfTheWrongWidthIsQuarantined() throws {
        let text =
            "id,ts,user,likes,text\n1,2026-03-14,ana,3\n2,2026-03-14,bob,3,a\n3,2026-03-14,bob,3,a,b\n\"4\"x,2026-03-14,bob,3,a\n"
        let result = try readText(text, .csv, mapping: mapping)
        #expect(result.ids == ["2"])
        #expect(
            result.reasons == [
                "4 cells, the header has 5", "6 cells, the header has 5",
                "not CSV: text follows a closing quote at byte 2",
            ])
        #expect(result.quarantined.map(\.offset) == [22, 62, 85])
    }

    @Test func columnsNamedLikeFieldsNeedNoMapping() throws {
        let text =
            "\u{FEFF}id;created_at;platform;author.id;text;hashtags;ignored\n7;1773480413;reddit;a1;\"hi; you\";a b;x\n"
        let post = try #require(try readText(text, .csv).posts.first)
        #expect(post.id == "7" && post.platform == .reddit && post.author.id == "a1" && post.text == "hi; you")
        #expect(post.hashtags == ["a", "b"] && post.createdAt == Timestamp(seconds: 1_773_480_413))
    }

    @Test func aColumnThatIsMissingIsAnErrorThatNamesTheNearest() {
        #expect(throws: FeedError.mapping("'author.handle': the source has no column 'user'; did you mean 'users'?")) {
            try readText("ts,users,likes,text\n", .csv, mapping: mapping)
        }
        #expect(
            throws: FeedError.mapping("no column for 'created_at': name it under 'fields' (the header has when, text)")
        ) {
            try readText("when,text\n", .csv)
        }
    }

    @Test func aQuoteThatNeverClosesCostsOneLine() throws {
        let text = "id,ts,user,likes,text\n1,2026-03-14,ana,3,\"open\n2,2026-03-14,bob,3,a\n3,2026-03-14,bob,3,b\n"
        let result = try readText(text, .csv, mapping: mapping)
        #expect(result.ids == ["2", "3"])
        #expect(result.reasons == ["not CSV: a quote is never closed"])
    }

    @Test func cellsThatAreNoUTF8AreQuarantinedAndNULIsReplaced() throws {
        var bytes = Array("id,created_at,text\n1,1,a".utf8) + [0xFF, 0x0A]
        bytes += Array("2,1,b".utf8) + [0, 0x0A]
        let result = try readText(bytes, .csv)
        #expect(result.posts.map(\.text) == ["b\u{FFFD}"])
        #expect(result.reasons == ["not UTF-8: a string holds bytes that are no characters"])
    }

    @Test func anEmptySourceHasNoPosts() throws {
        #expect(try readText("", .csv) == ReadResult())
        #expect(try readText("id,created_at,text\n", .csv).posts == [])
    }

    @Test(arguments: 0..<20) func noBytesCrashTheReader(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let alphabet = Array("\",;\n\r a1".utf8) + [0x09, 0xC3]
        for _ in 0..<40 {
            let body = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            _ = try readText(Array("created_at,text\n".utf8) + body, .csv)
            _ = try? readText(body, .csv)
        }
    }
}
