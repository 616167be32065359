import ArgumentParser
import Domain
import Feeds
import Foundation
import Generator
import Text

struct TextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text",
        abstract: "Time the sentiment model on one core, tokenising included.",
        discussion: "Example: loadtest text --posts 200000")

    @Option(help: "Generated posts to score.") var posts = 200_000
    @Option(help: "Model folder.") var model = "Models/fast-sentiment"
    @Option(help: "Append the report to this file.") var record: String?

    func run() throws {
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

        let model = try SentimentModel(directory: model)
        _ = model.score(Array(texts.prefix(1000)))
        // Thread CPU time: what other processes take of the machine does not count.
        var best = Double.infinity
        for _ in 0..<3 {
            let started = threadNanoseconds()
            for first in stride(from: 0, to: texts.count, by: 512) {
                _ = model.score(Array(texts[first..<min(first + 512, texts.count)]))
            }
            best = min(best, Double(threadNanoseconds() - started) / 1e9)
        }
        var report = Report()
        report.addMachine()
        report.add("model", model.version)
        report.add("texts", "\(texts.count), \(texts.reduce(0) { $0 + $1.utf8.count } / texts.count) bytes each")
        report.add("speed", Double(texts.count) / best, "texts/s on one core (CPU time, best of 3)")
        try report.publish(record: record)
    }
}

/// The CPU time of this thread.
func threadNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
