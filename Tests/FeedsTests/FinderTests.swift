import Compression
import Domain
import Foundation
import Testing

@testable import Feeds

@Suite struct FinderTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        for name in ["b.jsonl", "a.ndjson", "sub/c.json", "sub/deep/d.jsonl", "sub/deep/.hidden.jsonl"] {
            try scratch.write(postLine("1"), to: name)
        }
        try scratch.write("id,created_at,text\n", to: "e.csv")
        try scratch.write("id\tcreated_at\ttext\n", to: "f.tsv")
        try scratch.write(gzipMember(of: Array(postLine("1").utf8)), to: "sub/g.jsonl.gz")
        try scratch.write(try ZstdFrame.compressed(Array("id,created_at,text\n".utf8)), to: "h.csv.zst")
        try scratch.write("notes", to: "README.md")
        try scratch.write("", to: "sub/empty.jsonl")
    }

    private func names(_ listing: SourceListing) -> [String] {
        listing.sources.map { String($0.description.name.dropFirst(scratch.path.count + 1)) }
    }

    private func find(_ patterns: String...) -> SourceListing {
        SourceFinder().find(patterns.map { $0 == "-" ? $0 : "\(scratch.path)/\($0)" })
    }

    @Test func aFolderGivesItsSourcesSortedWithAllBelow() throws {
        let listing = find("")
        #expect(
            names(listing) == [
                "a.ndjson", "b.jsonl", "e.csv", "f.tsv", "h.csv.zst", "sub/c.json", "sub/deep/d.jsonl",
                "sub/g.jsonl.gz",
            ])
        #expect(
            listing.sources.map(\.description.format) == [
                .jsonLines, .jsonLines, .csv, .csv, .csv, .jsonLines, .jsonLines, .jsonLines,
            ])
        #expect(
            listing.sources.map(\.description.compression) == [
                .none, .none, .none, .none, .zstd, .none, .none, .gzip,
            ])
        #expect(
            listing.skipped.map(\.description) == [
                "\(scratch.path)/README.md: its name is not that of a source",
                "\(scratch.path)/sub/empty.jsonl: is empty",
            ])
        #expect(listing.problems == [] && listing.failed == [])
        let first = try #require(listing.sources.first)
        #expect(first.size == Int64(postLine("1").utf8.count))
        #expect(abs(first.modified.seconds - Int64(Date().timeIntervalSince1970)) < 3600)
    }

    @Test func patternsFindWhatShellsFind() {
        #expect(names(find("*.jsonl")) == ["b.jsonl"])
        #expect(names(find("[a-b].*")) == ["a.ndjson", "b.jsonl"])
        #expect(names(find("[!a-b].?sv")) == ["e.csv", "f.tsv"])
        #expect(names(find("**/*.jsonl")) == ["b.jsonl", "sub/deep/d.jsonl"])
        #expect(names(find("sub/*")) == ["sub/c.json", "sub/deep/d.jsonl", "sub/g.jsonl.gz"])
        #expect(names(find("s*/d*")) == ["sub/deep/d.jsonl"])
        #expect(names(find("sub/**")) == ["sub/c.json", "sub/deep/d.jsonl", "sub/g.jsonl.gz"])
    }

    @Test func aFileIsReadOnceHoweverOftenItIsNamed() {
        let listing = find("b.jsonl", "-", "./sub/../b.jsonl", "*.jsonl")
        #expect(names(listing) == ["b.jsonl"] && listing.usesStandardInput && listing.failed == [])
    }

    @Test func relativePathsBecomeAbsolute() throws {
        let file = "relative-\(UUID().uuidString).jsonl"
        try Data(postLine("1").utf8).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let expected = try FileStatus.absolute(".") + "/" + file
        #expect(SourceFinder().find([file]).sources.map(\.description.name) == [expected])
        #expect(SourceFinder().find(["relat*-\(file.dropFirst(9))"]).sources.map(\.description.name) == [expected])
    }

    @Test func everyArgumentWithoutSourcesSaysWhy() throws {
        try scratch.write("\u{1}\0\u{2}", to: "picture.bin")
        try scratch.write("[\n{\"v\":1}]", to: "list.json")
        try scratch.write([0xFF, 0xFE, 0x7B, 0], to: "wide.jsonl")
        try FileManager.default.createDirectory(atPath: scratch.path + "/bare", withIntermediateDirectories: true)
        let listing = find(
            "none.jsonl", "none/*.jsonl", "x*.jsonl", "bare", "picture.bin", "list.json", "wide.jsonl", "b.jsonl")
        #expect(names(listing) == ["b.jsonl"])
        let nothing = "nothing to read: no .jsonl, .ndjson, .json, .csv or .tsv file, with or without .gz or .zst"
        let missing = "no such file; workers must see the same path as the machine that submits"
        #expect(
            listing.failed.map { String($0.description.dropFirst(scratch.path.count + 1)) } == [
                "none.jsonl: \(missing)", "none/*.jsonl: \(scratch.path)/none: \(missing)", "x*.jsonl: \(nothing)",
                "bare: \(nothing)", "picture.bin: is neither JSON Lines nor CSV: it holds bytes that are no text",
                "list.json: is one JSON list, not an object a line; convert it: jq -c '.[]' FILE > FILE.jsonl",
                "wide.jsonl: is UTF-16; convert it: iconv -f UTF-16 -t UTF-8 FILE",
            ])
        let devices = SourceFinder().find(["/dev/null"])
        #expect(
            devices.failed.map(\.reason) == ["is no regular file; pipe it into standard input and name the source '-'"])
    }

    @Test func troubleInAFolderDoesNotHideTheRest() throws {
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/sub/gone.jsonl", withDestinationPath: "nowhere")
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/sub/loop", withDestinationPath: ".")
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/sub/z.jsonl", withDestinationPath: "c.json")
        let listing = find("sub")
        #expect(names(listing) == ["sub/c.json", "sub/deep/d.jsonl", "sub/g.jsonl.gz"])
        #expect(listing.problems.map(\.path) == [scratch.path + "/sub/gone.jsonl"])
    }

    @Test func aNameThatSaysNothingIsJudgedByItsBytes() throws {
        try scratch.write(gzipMember(of: Array(("  " + postLine("1")).utf8)), to: "x1")
        try scratch.write("id,created_at,text\n1,1,a\n", to: "x2.txt")
        try scratch.write(try ZstdFrame.compressed(Array(postLine("1").utf8)), to: "x3.jsonl")
        let found = find("x1", "x2.txt", "x3.jsonl").sources.map(\.description)
        #expect(found.map(\.format) == [.jsonLines, .csv, .jsonLines])
        #expect(found.map(\.compression) == [.gzip, .none, .zstd])
        #expect(SourceFinder(format: .csv).find([scratch.path + "/b.jsonl"]).sources.first?.description.format == .csv)
    }

    @Test(.timeLimit(.minutes(1))) func hostilePatternsStayCheap() {
        #expect(!Glob.matches(String(repeating: "a", count: 200), String(repeating: "*a", count: 60) + "b"))
        for pattern in ["[", "[a", "a[", "[]", "[!", "*[", "[]a]"] { _ = Glob.matches("a", pattern) }
        #expect(Glob.matches("a]", "a]") && Glob.matches("[", "["))
    }
}
