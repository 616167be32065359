import ArgumentParser
import Domain
import Foundation
import Generator

extension Scenario {
    /// The presets by their names on the command line.
    enum Preset: String, ExpressibleByArgument, CaseIterable {
        case demo
        case load
    }

    init(_ preset: Preset, lastDay: Timestamp, posts: Int, seed: UInt64) {
        switch preset {
        case .demo: self = .demo(lastDay: lastDay, posts: posts, seed: seed)
        case .load: self = .load(day: lastDay, posts: posts, seed: seed)
        }
    }
}

/// Writes a generated archive.
enum Archive {
    /// - Returns: what a correct count of the archive must give.
    @discardableResult
    static func write(_ scenario: Scenario, to path: String) throws -> ExpectedCounts {
        guard
            FileManager.default.createFile(atPath: path, contents: nil) || FileManager.default.fileExists(atPath: path),
            let file = FileHandle(forWritingAtPath: path)
        else { throw LoadtestError("cannot write \(path)") }
        defer { try? file.close() }
        var generator = PostGenerator(scenario)
        while try generator.nextBlock({ try file.write(contentsOf: Data($0)) }) {}
        return generator.expected
    }
}

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write an archive of generated posts, the same for the same seed.",
        discussion: """
            Example: loadtest generate --preset demo --posts 100000 --folder sample
            Writes posts.jsonl and the monitor.yaml that counts them, and prints how many posts name each brand.
            """)

    @Option(help: "demo: 5 brands over 14 days with a spike and a sentiment crash; load: 10 brands on one day.")
    var preset = Scenario.Preset.demo
    @Option(help: "Posts.") var posts = 100_000
    @Option(help: "Seed.") var seed: UInt64 = 1
    @Option(help: "Last day of the archive, as 2026-11-22; yesterday when not given.") var lastDay: String?
    @Option(help: "Folder for the files; made when missing.") var folder: String
    @Option(help: "Model that the monitor file asks for.") var model = "fast"

    func run() throws {
        var end = Date().addingTimeInterval(-86_400)
        if let lastDay {
            let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
            guard let date = try? Date(lastDay, strategy: style) else {
                throw LoadtestError("--last-day must be a date such as 2026-11-22, not '\(lastDay)'")
            }
            end = date
        }
        let scenario = Scenario(
            preset, lastDay: Timestamp(seconds: Int64(end.timeIntervalSince1970)), posts: posts, seed: seed)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let expected = try Archive.write(scenario, to: "\(folder)/posts.jsonl")
        // The archive lies in the past; who tries it out wants to be told all the same.
        let alerts = ["budget: 2 per week", "max_age: 60 days", "deliver: [demo]"]
        try MonitorText.yaml(for: scenario, model: model, alerts: preset == .demo ? alerts : nil)
            .write(toFile: "\(folder)/monitor.yaml", atomically: true, encoding: .utf8)
        for (index, brand) in scenario.brands.enumerated() { print("\(brand.name)\t\(expected.perBrand[index])") }
    }
}
