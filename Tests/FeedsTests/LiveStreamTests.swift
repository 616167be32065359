import Compression
import Domain
import Foundation
import Testing

@testable import Feeds

@Suite struct LiveStreamTests {
    private static func line(_ id: Int) -> String {
        #"{"v":1,"platform":"x","id":"\#(id)","op":"upsert","kind":"post","created_at":"2026-05-01T00:00:0\#(id % 10)Z","author":{"id":"a"},"text":"hi"}"#
            + "\n"
    }

    private func append(_ text: String, to path: String) throws {
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    private func text(_ chunk: LiveChunk?) throws -> String? {
        try chunk.map { String(decoding: try ZstdFrame.decompressed($0.chunk.payload, limit: 1 << 20), as: UTF8.self) }
    }

    @Test func aGrowingFileGivesWholeLinesOnly() throws {
        let scratch = try Scratch()
        let path = try scratch.write(Self.line(1) + String(Self.line(2).dropLast(5)), to: "posts.jsonl")
        let stream = LiveStream(path: path, from: 0, grows: true, bytes: 1 << 20, records: 100)
        #expect(try stream.gather() == .quiet)
        let first = try stream.take()
        #expect(try text(first) == Self.line(1))
        #expect(first?.end == Int64(Self.line(1).utf8.count))
        try append(String(Self.line(2).suffix(5)), to: path)
        #expect(try stream.gather() == .quiet)
        let second = try stream.take()
        #expect(try text(second) == Self.line(2) && second?.chunk.offset == first?.end)
        #expect(try stream.gather() == .quiet && stream.isEmpty)
    }

    @Test func aReplacedFileIsReadToItsEndAndEnds() throws {
        let scratch = try Scratch()
        let path = try scratch.write(Self.line(1), to: "posts.jsonl")
        let stream = LiveStream(path: path, from: 0, grows: true, bytes: 1 << 20, records: 100)
        #expect(try stream.gather() == .quiet)
        try append(Self.line(2), to: path)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        #expect(try stream.gather() == .quiet, "no other file has the name yet")
        try append(Self.line(3), to: path + ".1")
        try scratch.write(Self.line(4), to: "posts.jsonl")
        #expect(try stream.gather() == .ended)
        #expect(try text(stream.take()) == Self.line(1) + Self.line(2) + Self.line(3))
    }

    @Test func aFileIsToldFromItsSuccessorByItsFirstLine() throws {
        let scratch = try Scratch()
        let path = try scratch.write(String(Self.line(1).dropLast()), to: "posts.jsonl")
        #expect(try LiveStream.identity(of: path, grows: true) == nil, "the line is not written yet")
        try append("\n", to: path)
        let first = try LiveStream.identity(of: path, grows: true)
        try append(Self.line(2), to: path)
        #expect(try LiveStream.identity(of: path, grows: true) == first)
        try scratch.write(Self.line(3), to: "posts.jsonl")
        #expect(try LiveStream.identity(of: path, grows: true) != first)
    }

    @Test func aPipeIsReadWithoutWaiting() throws {
        let pipe = Pipe()
        let stream = LiveStream(
            descriptor: pipe.fileHandleForReading.fileDescriptor, name: "pipe", bytes: 1 << 20, records: 2)
        #expect(try stream.gather() == .quiet && stream.isEmpty)
        try pipe.fileHandleForWriting.write(contentsOf: Data((Self.line(1) + Self.line(2) + Self.line(3)).utf8))
        #expect(try stream.gather() == .full)
        #expect(try text(stream.take()) == Self.line(1) + Self.line(2))
        #expect(try stream.gather() == .quiet && !stream.isEmpty)
        try pipe.fileHandleForWriting.close()
        #expect(try stream.gather() == .ended)
        #expect(try text(stream.take()) == Self.line(3))
    }

    @Test func aCensusNamesTheLineThatCannotBeReadAndTheLatestPost() throws {
        let received = Timestamp(seconds: 1_780_000_000)
        let good = try PostCensus(Array((Self.line(1) + "\n" + Self.line(7)).utf8), mapping: nil, receivedAt: received)
        #expect(good.posts == 2 && good.fault == nil)
        #expect(good.latest == Timestamp(seconds: 1_777_593_607))
        let bad = try PostCensus(
            Array((Self.line(1) + "\n{\"id\":\n" + Self.line(2)).utf8), mapping: nil, receivedAt: received)
        #expect(bad.posts == 2 && bad.fault?.line == 3)
        let early = try PostCensus(
            Array(Self.line(1).utf8), mapping: nil, receivedAt: Timestamp(seconds: 1_777_593_000))
        #expect(early.latest == Timestamp(seconds: 1_777_593_000), "a clock that is ahead must not close windows")
    }

    @Test func aTextIsUnpackedUpToItsLimit() throws {
        let text = Array(String(repeating: "a", count: 100_000).utf8)
        let packed = gzipMember(of: text)
        #expect(try UnpackedText.of(packed, .gzip, limit: 100_000) == text)
        #expect(throws: UnpackError.tooLong(limit: 99_999)) { try UnpackedText.of(packed, .gzip, limit: 99_999) }
        #expect(throws: UnpackError.damaged("the gzip stream ends early")) {
            try UnpackedText.of(Array(packed.dropLast(20)), .gzip, limit: 100_000)
        }
        #expect(try UnpackedText.of(text, .none, limit: 100_000) == text)
    }
}
