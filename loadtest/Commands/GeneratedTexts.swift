import Domain
import Feeds
import Foundation
import Generator

/// The texts of generated posts, as a benchmark's input.
enum GeneratedTexts {
    static func make(posts: Int) throws -> [String] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("loadtest-text-\(getpid()).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let day = Timestamp(seconds: Int64(Date().timeIntervalSince1970) - 86_400)
        let expected = try Archive.write(.load(day: day, posts: posts), to: path)
        let source = SourceDescription(place: .file(path: path), format: .jsonLines, compression: .none)
        let shard = ShardDescription(
            id: ShardID(job: JobID(rawValue: 1), index: 0), source: source, offset: 0, length: Int64(expected.bytes))
        let reader = try PostReader(shard: shard, latest: Timestamp(seconds: .max / 1000))
        var texts: [String] = []
        while let batch = try reader.nextBatch() { texts += batch.posts.map(\.text) }
        return texts
    }
}
