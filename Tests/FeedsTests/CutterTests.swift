import Domain
import Foundation
import Harness
import Testing

@testable import Feeds

@Suite struct CutterTests {
    private func found(_ path: String) throws -> FoundSource {
        try #require(SourceFinder().find([path]).sources.first)
    }

    private func slices(_ source: FoundSource, bytes: Int64, posts: Int) throws -> (ShardCutter, [ShardCutter.Slice]) {
        var cutter = try ShardCutter(source, bytes: bytes, posts: posts)
        var slices: [ShardCutter.Slice] = []
        while let slice = try cutter.next() { slices.append(slice) }
        return (cutter, slices)
    }

    /// What all slices give together.
    private func readSlices(_ path: String, bytes: Int64, posts: Int) throws -> ReadResult {
        let source = try found(path)
        let (cutter, slices) = try slices(source, bytes: bytes, posts: posts)
        var result = ReadResult()
        var end: Int64 = slices.first?.offset ?? 0
        for slice in slices {
            #expect(slice.offset == end && slice.length > 0)
            end = slice.offset + slice.length
            let part = try readAll(shard(cutter.source, slice.offset, slice.length))
            result.posts += part.posts
            result.quarantined += part.quarantined
            result.bytes += part.bytes
        }
        #expect(end == source.size)
        return result
    }

    @Test(arguments: 0..<12) func anyCutOfLinesGivesThePostsOfTheWhole(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let scratch = try Scratch()
        var text = ""
        for index in 0..<Int.random(in: 1...300, using: &random) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: text += "\n"
            case 1: text += "broken line é\r\n"
            case 2: text += postLine("\(index)", text: String(repeating: "long ", count: 2000)) + "\n"
            default: text += postLine("\(index)", text: "é 😀") + (Bool.random(using: &random) ? "\n" : "\r\n")
            }
        }
        if Bool.random(using: &random) { text += postLine("last") }
        let path = try scratch.write(text, to: "a.jsonl")
        let whole = try readFile(path)
        for bytes in [
            Int64.random(in: 1...300, using: &random), Int64.random(in: 300...20_000, using: &random), 1 << 30,
        ] {
            let cut = try readSlices(path, bytes: bytes, posts: 20_000)
            #expect(cut == whole, "seed \(seed), slices of \(bytes)")
        }
    }

    @Test(arguments: 0..<12) func anyCutOfCSVGivesThePostsOfTheWhole(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let scratch = try Scratch()
        var text = Bool.random(using: &random) ? "\u{FEFF}id;created_at;text\n" : "id;created_at;text\r\n"
        for index in 0..<Int.random(in: 1...300, using: &random) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: text += "\(index);1;\"two\nlines; \"\"quoted\"\"\r\nhere\"\n"
            case 1: text += "\(index);1\n"
            case 2: text += "\n"
            case 3: text += "\(index);1;\"odd\"x\n"
            default: text += "\(index);1;5\" pipe, é\r\n"
            }
        }
        // The last quote never closes.
        if Bool.random(using: &random) { text += "x;1;\"open\ny;1;a\nz;1;b" }
        let path = try scratch.write(text, to: "a.csv")
        let whole = try readFile(path)
        for (bytes, posts) in [
            (Int64.random(in: 1...200, using: &random), 20_000), (1 << 30, Int.random(in: 1...50, using: &random)),
        ] {
            let cut = try readSlices(path, bytes: bytes, posts: posts)
            #expect(cut == whole, "seed \(seed), slices of \(bytes) bytes, \(posts) posts")
        }
    }

    @Test func recordsBeyondTheBoundAreCutAlike() throws {
        let scratch = try Scratch()
        let long = String(repeating: "x", count: 3 << 20)
        let lines = [postLine("1"), long, postLine("2"), postLine("3", text: long), postLine("4")]
        let path = try scratch.write(lines.joined(separator: "\n"), to: "a.jsonl")
        let whole = try readFile(path)
        #expect(whole.ids == ["1", "2", "4"])
        let open = "1;1;a\n2;1;\"never closed\n3;1;b\n" + long + "\n4;1;c\n5;1;\"\(long)\"\n6;1;d\n"
        let csv = try scratch.write("id;created_at;text\n" + open, to: "a.csv")
        let wholeCSV = try readFile(csv)
        #expect(wholeCSV.ids == ["1", "3", "4", "6"])
        for bytes in [100, 1 << 20, 2 << 20] as [Int64] {
            #expect(try readSlices(path, bytes: bytes, posts: 20_000) == whole, "\(bytes)")
            #expect(try readSlices(csv, bytes: bytes, posts: 20_000).ids == wholeCSV.ids, "\(bytes)")
            #expect(try readSlices(csv, bytes: bytes, posts: 20_000).quarantined == wholeCSV.quarantined, "\(bytes)")
        }
    }

    @Test func slicesHaveTheSizeAskedFor() throws {
        let scratch = try Scratch()
        let line = postLine("1") + "\n"
        let path = try scratch.write(String(repeating: line, count: 10_000), to: "a.jsonl")
        let source = try found(path)
        let size = Int64(line.utf8.count)
        let (cutter, byPosts) = try slices(source, bytes: 8 << 20, posts: 1000)
        #expect((9_000...11_000).contains(cutter.estimatedPosts))
        #expect(byPosts.count == 10 && byPosts.allSatisfy { abs($0.length / size - 1000) < 50 })
        let (_, byBytes) = try slices(source, bytes: 100 * size, posts: 20_000)
        #expect((99...101).contains(byBytes.count))
    }

    @Test func compressedFilesAreOneSliceWithAnEstimate() throws {
        let scratch = try Scratch()
        let text = String(repeating: postLine("1") + "\n", count: 5000)
        let path = try scratch.write(gzipMember(of: Array(text.utf8)), to: "a.jsonl.gz")
        let source = try found(path)
        let (cutter, all) = try slices(source, bytes: 1000, posts: 10)
        #expect(all == [ShardCutter.Slice(offset: 0, length: source.size)])
        #expect((4900...5100).contains(cutter.estimatedPosts))
    }

    @Test func emptyFilesHaveNoSlices() throws {
        let scratch = try Scratch()
        let path = try scratch.write("", to: "a.jsonl")
        for (format, name) in [(SourceDescription.Format.jsonLines, path), (.csv, path)] {
            let source = SourceDescription(place: .file(path: name), format: format, compression: .none)
            let found = FoundSource(description: source, size: 0, modified: testLatest)
            let (cutter, all) = try slices(found, bytes: 1000, posts: 10)
            #expect(all == [] && cutter.estimatedPosts == 0)
        }
    }
}

@Suite struct SpoolTests {
    private func spool(
        _ bytes: [UInt8], _ format: SourceDescription.Format? = nil, chunk: Int, records: Int = 20_000
    )
        throws -> (StandardInputSpool, [SpooledChunk])
    {
        let spool = try StandardInputSpool(
            MemoryBytes(bytes, name: "standard input"), format: format, bytes: chunk, records: records)
        var chunks: [SpooledChunk] = []
        while let chunk = try spool.next() { chunks.append(chunk) }
        return (spool, chunks)
    }

    private func read(_ chunks: [SpooledChunk]) throws -> ReadResult {
        var result = ReadResult()
        for chunk in chunks {
            let part = try readAll(
                shard(chunk.source(named: "sample"), chunk.offset, chunk.length), payload: chunk.payload)
            result.posts += part.posts
            result.quarantined += part.quarantined
        }
        return result
    }

    private func expectSame(_ bytes: [UInt8], _ chunks: [SpooledChunk], _ format: SourceDescription.Format) throws {
        var whole = try readText(bytes, format)
        whole.bytes = 0
        #expect(try read(chunks) == whole)
    }

    @Test(arguments: [1, 500, 5000, 1 << 23]) func aStreamOfLinesReadsLikeAFile(chunk: Int) throws {
        let long = String(repeating: "x", count: 3 << 20)
        let text = "\u{FEFF}\(postLine("1"))\r\n\n\(postLine("2"))\nbad\n\(long)\n\(postLine("3"))\n\(postLine("4"))"
        let bytes = Array(text.utf8)
        let (spool, chunks) = try spool(bytes, chunk: chunk)
        #expect(spool.format == .jsonLines && spool.damage == nil)
        try expectSame(bytes, chunks, .jsonLines)
    }

    @Test(arguments: [1, 30, 1 << 20]) func aStreamOfCSVReadsLikeAFile(chunk: Int) throws {
        let text = "\u{FEFF}id,created_at,text\r\n1,1,\"a\nb\"\n2,1\n3,1,c\n4,1,\"open\n5,1,d\n"
        let bytes = Array(text.utf8)
        let (spool, chunks) = try spool(bytes, chunk: chunk)
        #expect(spool.format == .csv)
        try expectSame(bytes, chunks, .csv)
    }

    @Test func chunksAreBoundedByRecordsToo() throws {
        let text = (0..<100).map { postLine("\($0)") }.joined(separator: "\n")
        let (_, chunks) = try spool(Array(text.utf8), chunk: 1 << 23, records: 30)
        #expect(chunks.map(\.records) == [30, 30, 30, 10])
    }

    @Test func aCompressedStreamIsUnpackedAndItsDamageIsTold() throws {
        let text = (0..<1000).map { postLine("\($0)") }.joined(separator: "\n")
        let packed = gzipMember(of: Array(text.utf8))
        let (whole, chunks) = try spool(packed, chunk: 1 << 23)
        #expect(try read(chunks).posts.count == 1000 && whole.damage == nil)
        let (broken, some) = try spool(Array(packed.dropLast(packed.count / 2)), chunk: 1 << 23)
        #expect(try (1..<1000).contains(read(some).posts.count))
        #expect(broken.damage == "the gzip stream ends early")
        #expect(try spool([], chunk: 10).1 == [])
    }

    @Test func aPipeIsReadToItsEnd() throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data((postLine("1") + "\n" + postLine("2")).utf8))
        try pipe.fileHandleForWriting.close()
        let spool = try StandardInputSpool(descriptor: pipe.fileHandleForReading.fileDescriptor)
        let chunk = try #require(try spool.next())
        #expect(try read([chunk]).ids == ["1", "2"])
        #expect(try spool.next() == nil)
    }
}
