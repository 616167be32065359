import CZlib
import Compression
import Domain
import Foundation
import Harness
import Testing

@testable import Feeds

/// One gzip member of `bytes`.
func gzipMember(of bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    let bound = Int(deflateBound(&stream, UInt(bytes.count))) + 64
    return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(bound)
            deflate(&stream, Z_FINISH)
            count = bound - Int(stream.avail_out)
        }
    }
}

@Suite struct CompressionTests {
    private typealias Compression = SourceDescription.Compression
    private let lines = (0..<3000).map { postLine("\($0)", text: "post number \($0) é") }.joined(separator: "\n") + "\n"

    private func packed(_ text: String, _ compression: SourceDescription.Compression) throws -> [UInt8] {
        let bytes = Array(text.utf8)
        return compression == .gzip ? gzipMember(of: bytes) : try ZstdFrame.compressed(bytes)
    }

    @Test(arguments: [SourceDescription.Compression.gzip, .zstd])
    func aCompressedSourceReadsLikeAPlainOne(compression: SourceDescription.Compression) throws {
        let plain = try readText(lines)
        #expect(plain.posts.count == 3000)
        #expect(try readText(packed(lines, compression), .jsonLines, compression) == plain)
    }

    @Test(arguments: [SourceDescription.Compression.gzip, .zstd])
    func severalStreamsInOneFileAreOneSource(compression: SourceDescription.Compression) throws {
        // Cut within a line: a stream's end is no line's end.
        let middle = lines.index(lines.startIndex, offsetBy: 12_345)
        var bytes = try packed(String(lines[..<middle]), compression) + packed("", compression)
        bytes += try packed(String(lines[middle...]), compression)
        #expect(try readText(bytes, .jsonLines, compression) == readText(lines))
    }

    @Test(arguments: [SourceDescription.Compression.gzip, .zstd])
    func aTruncatedStreamGivesWhatCameBeforeAndOneRecord(compression: SourceDescription.Compression) throws {
        let whole = try packed(lines, compression)
        let result = try readText(Array(whole[..<(whole.count / 2)]), .jsonLines, compression)
        #expect(result.ids == (0..<result.posts.count).map(String.init))
        #expect(compression == .zstd || result.posts.count > 500)
        #expect(result.reasons == ["the \(compression) stream ends early; what came before counts"])
    }

    @Test func aGzipThatLacksOnlyItsTrailerKeepsAllPosts() throws {
        let result = try readText(Array(gzipMember(of: Array(lines.utf8)).dropLast(3)), .jsonLines, .gzip)
        #expect(result.posts.count == 3000 && result.quarantined.count == 1)
        #expect(result.quarantined.first?.offset == Int64(lines.utf8.count))
    }

    @Test(arguments: [SourceDescription.Compression.gzip, .zstd])
    func aCorruptStreamGivesWhatCameBeforeAndOneRecord(compression: SourceDescription.Compression) throws {
        var bytes = try packed(lines, compression)
        let place = bytes.count * 3 / 4
        for index in place..<(place + 64) { bytes[index] = 0xFF }
        let result = try readText(bytes, .jsonLines, compression)
        let damages = result.reasons.filter { $0.contains("stream is corrupt") }
        #expect(damages.count == 1, "\(result.reasons)")
        // A checksum may only tell at the end.
        #expect(result.posts.count <= 3000)
    }

    @Test(arguments: [SourceDescription.Compression.gzip, .zstd])
    func bytesThatAreNoStreamGiveOneRecord(compression: SourceDescription.Compression) throws {
        for bytes in [Array("no stream at all".utf8), [], [0x1F], [0x28, 0xB5, 0x2F, 0xFD]] {
            let result = try readText(bytes, .jsonLines, compression)
            #expect(result.posts == [] && result.quarantined.count == 1, "\(bytes)")
        }
    }

    @Test func paddingBehindAGzipMeansNothingAndOtherBytesAreTold() throws {
        let member = gzipMember(of: Array(lines.utf8))
        #expect(try readText(member + Array(repeating: 0, count: 600_000), .jsonLines, .gzip) == readText(lines))
        let result = try readText(member + Array("x".utf8), .jsonLines, .gzip)
        #expect(result.posts.count == 3000)
        #expect(result.reasons == ["bytes that are no gzip follow the gzip stream; what came before counts"])
    }

    @Test func highlyCompressedBytesAreReadInBlocks() throws {
        // 40 MiB of spaces in a few KiB: the decoder holds output back when a block is full.
        let text = String(repeating: " ", count: 40 << 20) + "\n" + postLine("1")
        for compression in [Compression.gzip, .zstd] {
            let result = try readText(packed(text, compression), .jsonLines, compression)
            #expect(result.ids == ["1"])
            #expect(result.reasons == ["longer than 1048576 bytes"])
            #expect(result.bytes == Int64(text.utf8.count))
        }
    }

    @Test(arguments: 0..<20) func mutatedStreamsNeverCrashTheReader(seed: UInt64) throws {
        var random = Seeded(state: seed)
        for compression in [Compression.gzip, .zstd] {
            let whole = try packed(postLine("1") + "\n" + postLine("2"), compression)
            for _ in 0..<30 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                _ = try readText(bytes, .jsonLines, compression)
                _ = try? readText(bytes, .csv, compression)
            }
        }
    }

    @Test func aCSVThatBreaksWithinItsHeaderGivesOneRecord() throws {
        let bytes = gzipMember(of: Array("id,created_at".utf8)).dropLast(6)
        let result = try readText(Array(bytes), .csv, .gzip)
        #expect(result.posts == [])
        #expect(result.reasons == ["the gzip stream ends early within the CSV header"])
    }
}
