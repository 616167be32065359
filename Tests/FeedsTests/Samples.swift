import Domain
import Foundation
import Testing

@testable import Feeds

/// A folder of its own for one test, gone with it.
final class Scratch {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("feeds-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = try FileStatus.absolute(folder.path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return "\(path)/\(name)"
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }
}

/// The moment that tests take for now: 2026-06-01.
let testLatest = Timestamp(seconds: 1_780_272_000)

/// What a reader made of a whole shard.
struct ReadResult: Equatable {
    var posts: [Post] = []
    var quarantined: [QuarantinedRecord] = []
    var bytes: Int64 = 0

    var ids: [String] { posts.map(\.id) }
    var reasons: [String] { quarantined.map(\.reason) }
}

func readAll(
    _ shard: ShardDescription, payload: [UInt8]? = nil, mapping: SourceMapping? = nil, limit: Int = 256
) throws -> ReadResult {
    let reader = try PostReader(shard: shard, payload: payload, mapping: mapping, latest: testLatest)
    var result = ReadResult()
    while let batch = try reader.nextBatch(limit: limit) {
        #expect(batch.posts.count + batch.quarantined.count <= limit)
        result.posts += batch.posts
        result.quarantined += batch.quarantined
        result.bytes += batch.bytes
    }
    return result
}

/// Reads a file as one shard, as its name says.
func readFile(_ path: String, mapping: SourceMapping? = nil, limit: Int = 256) throws -> ReadResult {
    let probe = try SourceProbe(path: path, format: mapping?.format)
    let source = SourceDescription(place: .file(path: path), format: probe.format, compression: probe.compression)
    return try readAll(shard(source, 0, try FileStatus(path: path).size), mapping: mapping, limit: limit)
}

func shard(_ source: SourceDescription, _ offset: Int64, _ length: Int64) -> ShardDescription {
    ShardDescription(id: ShardID(rawValue: 1), source: source, offset: offset, length: length)
}

/// Reads text as a payload.
func readText(
    _ bytes: [UInt8], _ format: SourceDescription.Format = .jsonLines,
    _ compression: SourceDescription.Compression = .none, mapping: SourceMapping? = nil
) throws -> ReadResult {
    let source = SourceDescription(place: .payload(name: "sample"), format: format, compression: compression)
    return try readAll(shard(source, 0, Int64(bytes.count)), payload: bytes, mapping: mapping)
}

func readText(
    _ text: String, _ format: SourceDescription.Format = .jsonLines, mapping: SourceMapping? = nil
) throws -> ReadResult {
    try readText(Array(text.utf8), format, mapping: mapping)
}

/// A line that follows the post schema; `extra` goes in front of the closing brace.
func postLine(
    _ id: String, text: String = "a good day", at time: String = "2026-03-14T09:26:53Z", extra: String = ""
)
    -> String
{
    """
    {"v":1,"platform":"x","id":"\(id)","op":"upsert","kind":"post","created_at":"\(time)","text":"\(text)",\
    "author":{"id":"a1"}\(extra)}
    """
}

/// The one post of a line, or the reason why there is none.
func postOf(_ line: String, mapping: SourceMapping? = nil) throws -> Result<Post, RecordFault> {
    let result = try readText(line, mapping: mapping)
    #expect(result.posts.count + result.quarantined.count == 1)
    if let post = result.posts.first { return .success(post) }
    return .failure(RecordFault(result.reasons.first ?? "nothing"))
}

func reasonOf(_ line: String, mapping: SourceMapping? = nil) throws -> String? {
    guard case .failure(let fault) = try postOf(line, mapping: mapping) else { return nil }
    return fault.reason
}
