import ArgumentParser
import Domain
import Foundation
import Generator

/// What faults cost: how soon work flows again, and how much runs twice.
struct FaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "Kill, stop and wipe a busy cluster: time until work flows again, shards that ran again, digests.",
        discussion: """
            Example: loadtest faults --only kill,redis-loss --record loadtest/results/faults.txt
            Each part has private servers and real processes under steady work on all cores, and ends with digests that \
            equal a count without the queue. All parts together take about nine minutes.
            """)

    enum Part: String, CaseIterable {
        case kill
        case term
        case fence
        case redisLoss = "redis-loss"
        case redisAway = "redis-away"
        case postgres
    }

    @Option(help: "Parts, separated by commas: \(Part.allCases.map(\.rawValue).joined(separator: ", ")).")
    var only: String?
    @Flag(help: "Fewer repeats and shorter outages.") var quick = false
    @Option(help: "Seed of the archive.") var seed: UInt64 = 1
    @Option(help: "Append the report to this file.") var record: String?
    @Option(help: "Folder of model weights.") var models = "Models"

    func validate() throws { _ = try parts() }

    private func parts() throws -> [Part] {
        guard let only else { return Part.allCases }
        return try only.split(separator: ",").map { word in
            guard let part = Part(rawValue: String(word)) else { throw ValidationError("'\(word)' is no part.") }
            return part
        }
    }

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("loadtest-\(getpid())").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // A few seconds of work in small shards, of which workers hold many; submitted again and again.
        let archive = "\(folder)/posts.jsonl"
        let day = Timestamp(seconds: Int64(Date().timeIntervalSince1970) - 86_400)
        let scenario = Scenario.load(day: day, posts: 200_000, seed: seed)
        try Archive.write(scenario, to: archive)
        let monitor = "\(folder)/monitor.yaml"
        try MonitorText.yaml(for: scenario, model: "fast").write(toFile: monitor, atomically: true, encoding: .utf8)

        var report = Report()
        report.addMachine()
        for part in try parts() {
            let profiles = part == .kill ? ["fast", "standard"] : [part == .fence ? "fast" : "standard"]
            for profile in profiles {
                FileHandle.standardError.write(Data("\(part.rawValue), \(profile) leases\n".utf8))
                let rig = try await FaultRig.start(
                    in: "\(folder)/\(part.rawValue)-\(profile)", profile: profile, archive: archive, monitor: monitor,
                    models: models)
                do {
                    try await run(part, on: rig, &report)
                    report.add("\(part.rawValue), \(profile): digests", try await rig.verdict())
                } catch {
                    rig.endAll()
                    throw error
                }
                rig.endAll()
            }
        }
        try report.publish(record: record)
    }

    private func run(_ part: Part, on rig: FaultRig, _ report: inout Report) async throws {
        switch part {
        case .kill: try await rig.killWorkers(rounds: quick ? 1 : rig.profile == "fast" ? 4 : 3, &report)
        case .term: try await rig.terminateWorkers(times: quick ? 3 : 10, &report)
        case .fence: try await rig.sleepThroughLeases(times: quick ? 2 : 5, &report)
        case .redisLoss: try await rig.loseRedis(times: quick ? 1 : 2, &report)
        case .redisAway: try await rig.takeRedisAway(for: quick ? 10 : 60, &report)
        case .postgres: try await rig.takePostgresAway(restarts: quick ? 1 : 3, outage: quick ? 10 : 30, &report)
        }
    }
}

/// Times of many events, as a distribution.
struct Times {
    private(set) var seconds: [Double] = []

    mutating func add(_ duration: Duration) { seconds.append(duration / .seconds(1)) }

    /// The smallest value that a share of all does not exceed.
    func quantile(_ share: Double) -> Double {
        let sorted = seconds.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
    }

    /// `p50 …, p99 …, max …` with the mark that p99, or another share of all, must keep.
    func text(mark: Double, at share: Double = 0.99) -> String {
        let shares = [("p50", 0.5)] + (share == 0.95 ? [("p95", 0.95)] : []) + [("p99", 0.99), ("max", 1)]
        let figures = shares.map {
            "\($0.0) \(String(format: "%.2f", quantile($0.1))) s"
        }
        let verdict = quantile(share) <= mark ? "kept" : "MISSED"
        return "\(figures.joined(separator: ", ")) of \(seconds.count) (mark \(mark.formatted()) s, \(verdict))"
    }
}
