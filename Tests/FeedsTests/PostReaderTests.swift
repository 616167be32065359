import Domain
import Foundation
import Testing

@testable import Feeds

@Suite struct PostReaderTests {
    @Test func linesMayEndInManyWays() throws {
        let text = "\u{FEFF}\(postLine("1"))\r\n\n   \r\n\(postLine("2"))\n\t\(postLine("3")) \n\(postLine("4"))"
        let result = try readText(text)
        #expect(result.ids == ["1", "2", "3", "4"] && result.quarantined == [])
        #expect(result.bytes == Int64(text.utf8.count) - 3)
    }

    @Test func aBadLineIsQuarantinedWithItsPlaceAndTheRestCounts() throws {
        let first = postLine("1") + "\n"
        let bad = "{\"v\":1,\"id\":7,\"more\":\"" + String(repeating: "x", count: 500)
        let result = try readText(first + bad + "\n" + postLine("2"))
        #expect(result.ids == ["1", "2"])
        let record = try #require(result.quarantined.first)
        #expect(record.offset == Int64(first.utf8.count))
        #expect(record.reason == "'id' must be a string")
        #expect(record.excerpt == Array(bad.utf8.prefix(QuarantinedRecord.excerptLimit)))
    }

    @Test func aLineBeyondTheBoundIsQuarantinedWithoutItsNeighbours() throws {
        for length in [FeedBounds.recordBytes - 200, FeedBounds.recordBytes, FeedBounds.recordBytes + 1, 5 << 20] {
            let filler = String(repeating: "x", count: length - postLine("2", text: "").utf8.count)
            let long = postLine("2", text: filler)
            #expect(long.utf8.count == length)
            let isKept = length <= FeedBounds.recordBytes
            for end in ["\n" + postLine("3"), ""] {
                let result = try readText(postLine("1") + "\n" + long + end)
                #expect(result.ids == ["1"] + (isKept ? ["2"] : []) + (end.isEmpty ? [] : ["3"]), "\(length)")
                #expect(result.reasons == (isKept ? [] : ["longer than 1048576 bytes"]))
                #expect(result.bytes == Int64(postLine("1").utf8.count + 1 + length + end.utf8.count))
            }
        }
    }

    @Test(arguments: [1, 2, 7, 256, 5000]) func theSizeOfBatchesChangesNothing(limit: Int) throws {
        let scratch = try Scratch()
        let lines = (0..<1000).map { $0 % 7 == 3 ? "bad" : postLine("\($0)") }
        let path = try scratch.write(lines.joined(separator: "\n"), to: "a.jsonl")
        #expect(try readFile(path, limit: limit) == readFile(path))
    }

    @Test(arguments: [1, 256]) func aRecordIsNamedBeforeItIsReadAndLeftOutWhenKnown(limit: Int) throws {
        let lines = [
            postLine("1"), "not json", String(repeating: "x", count: FeedBounds.recordBytes + 9), postLine("2"),
            postLine("3"),
        ]
        var offsets: [Int64] = [0]
        for line in lines { offsets.append(offsets[offsets.count - 1] + Int64(line.utf8.count) + 1) }
        let text = Array((lines.joined(separator: "\n") + "\n").utf8)
        let source = SourceDescription(place: .payload(name: "p"), format: .jsonLines, compression: .none)
        let reader = try PostReader(shard: shard(source, 0, 0), payload: text, latest: testLatest)
        reader.skipped = [
            offsets[1]: "poison: known", offsets[3]: "poison: known", offsets[3] + 1: "no record begins here",
        ]
        var read: [Int64] = []
        reader.willRead = { read.append($0) }
        var result = ReadResult()
        while let batch = try reader.nextBatch(limit: limit) {
            result.posts += batch.posts
            result.quarantined += batch.quarantined
            if limit == 1, let offset = batch.quarantined.first?.offset { #expect(read.last == offset) }
        }
        #expect(result.ids == ["1", "3"])
        #expect(result.quarantined.map(\.offset) == [offsets[1], offsets[2], offsets[3]])
        #expect(result.reasons == ["poison: known", "longer than 1048576 bytes", "poison: known"])
        #expect(result.quarantined.last?.excerpt == Array(lines[3].utf8.prefix(QuarantinedRecord.excerptLimit)))
        #expect(Set(offsets).isSubset(of: read))
    }

    @Test func badInputCostsOnlyItself() throws {
        let invalid = Array(#"{"v":1,"text":""#.utf8) + [0xFF] + Array("\"}\n".utf8)
        var bytes = Array((postLine("1") + "\n").utf8) + invalid
        for line in [
            postLine("2").replacing(#","created_at":"2026-03-14T09:26:53Z""#, with: ""),
            postLine("3", at: "2099-01-01T00:00:00Z"), postLine("4").replacing("\"4\"", with: "4"),
            postLine("5", text: String(repeating: "y", count: 5 << 20)), postLine("6"),
        ] { bytes += Array((line + "\n").utf8) }
        let result = try readText(bytes)
        #expect(result.ids == ["1", "6"])
        #expect(
            result.reasons == [
                "not UTF-8: a string holds bytes that are no characters", "'created_at' is missing",
                "'created_at' lies in the future (38177280 minutes)", "'id' must be a string",
                "longer than 1048576 bytes",
            ])
    }

    @Test func aSourceThatCannotBeReadSaysWhyAndWhatToDo() throws {
        let scratch = try Scratch()
        let path = try scratch.write(postLine("1") + "\n", to: "a.jsonl")
        let source = SourceDescription(place: .file(path: path), format: .jsonLines, compression: .none)
        let size = try FileStatus(path: path).size
        #expect(try readAll(shard(source, 0, size)).ids == ["1"])
        #expect(throws: FeedError.shrank(path: path, expected: size + 1, found: size)) {
            try readAll(shard(source, 0, size + 1))
        }
        var folder = source
        folder.place = .file(path: scratch.path)
        #expect(throws: FeedError.isFolder(path: scratch.path)) { try readAll(shard(folder, 0, 1)) }
        try FileManager.default.removeItem(atPath: path)
        let missing = #expect(throws: FeedError.self) { try readAll(shard(source, 0, size)) }
        #expect(missing == .missing(path: path))
        #expect(
            missing?.description == "\(path): no such file; workers must see the same path as the machine that submits")
        var payload = source
        payload.place = .payload(name: "p")
        #expect(throws: FeedError.payloadMissing(name: "p")) { try readAll(shard(payload, 0, 1)) }
    }

    @Test func systemErrorsAreSortedByWhetherTheyPass() {
        #expect(FeedError(code: ENOENT, path: "a") == .missing(path: "a"))
        #expect(FeedError(code: EACCES, path: "a") == .noRights(path: "a"))
        #expect(FeedError(code: EISDIR, path: "a") == .isFolder(path: "a"))
        #expect(FeedError(code: EIO, path: "a").isTransient && FeedError(code: EMFILE, path: "a").isTransient)
        #expect(!FeedError(code: ENOENT, path: "a").isTransient && !FeedError(code: ELOOP, path: "a").isTransient)
    }

    // Root may read everything, so this only shows for other users.
    @Test(.enabled(if: getuid() != 0, "skipped: runs as root")) func aFileWithoutRightsSaysSo() throws {
        let scratch = try Scratch()
        let path = try scratch.write(postLine("1"), to: "a.jsonl")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        #expect(throws: FeedError.noRights(path: path)) { try readFile(path) }
    }

    @Test func aReplacedCSVIsNoticed() throws {
        let scratch = try Scratch()
        let path = try scratch.write("id,created_at,text\n1,1,a\n", to: "a.csv")
        let source = SourceDescription(
            place: .file(path: path), format: .csv, compression: .none, columns: ["id", "when", "text"])
        #expect(throws: FeedError.changed(path: path)) { try readAll(shard(source, 19, 6)) }
    }

    private static let formats = ProcessInfo.processInfo.environment["GROUNDSWELL_SHARED"].map { "\($0)/data/formats" }

    @Test(.enabled(if: formats != nil, "skipped: GROUNDSWELL_SHARED is not set"))
    func theGoldenPostsAreRead() throws {
        let file = URL(fileURLWithPath: try #require(Self.formats) + "/expected_normalised.json")
        let files = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: [Any]])
        let objects = files.sorted { $0.key < $1.key }.flatMap(\.value)
        #expect(objects.count == 25)
        for object in objects {
            let line = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
            let post = try postOf(line).get()
            let fields = try #require(object as? [String: Any])
            #expect(post.id == fields["id"] as? String)
            #expect(post.text == fields["text"] as? String ?? "")
            #expect(post.title == fields["title"] as? String)
            #expect(post.language == fields["lang"] as? String ?? "")
            #expect(post.mediaCount == (fields["media"] as? [Any])?.count ?? 0)
            #expect(post.urls == fields["urls"] as? [String] ?? [])
            if let tags = fields["hashtags"] as? [String] { #expect(post.hashtags == tags) }
            let refs = fields["refs"] as? [String: Any]
            #expect(post.repostOf == refs?["repost_of"] as? String)
            let author = fields["author"] as? [String: Any]
            #expect(post.author.handle == author?["handle"] as? String)
            #expect(post.author.followers == (author?["followers"] as? NSNumber)?.int64Value)
            let counts = fields["counts"] as? [String: Any]
            #expect(post.counts.likes == (counts?["likes"] as? NSNumber)?.int64Value)
        }
    }
}
