import ArgumentParser
import Domain
import Feeds
import Foundation
import Monitors
import Store
import Trends
import Worker

struct CountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "count",
        abstract: "Count archives in this process alone: no Redis, no PostgreSQL, the same code and the same numbers.",
        discussion: "Example: groundswell count --monitor brands.yaml posts.jsonl.gz --by hour")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var input: InputOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Window: minute, hour or day.") var by = Grain.day
    @Flag(help: "Print the digests of the rollup tables instead of the trends.") var digest = false

    func run() async throws {
        let monitor = try MonitorFile.read(input.monitor)
        guard monitor.windows.contains(by) else {
            throw CommandError(
                "the monitor counts by \(monitor.windows.map(\.name).joined(separator: ", ")), not by \(by.name)")
        }
        let settings = try await Settings(connection)
        let reader = try ModelShelf(folder: settings.modelsFolder()).reader(for: monitor.model)
        let intake = try input.intake(for: monitor)
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let job = JobID(rawValue: 1)
        var count = SequentialCount(context: JobContext(job: job, monitor: monitor, reader: reader, submitted: now))
        let started = ContinuousClock.now
        let slices = intake.slices
        var bytes: Int64 = 0
        for (index, slice) in slices.enumerated() {
            let source = intake.sources[slice.source]
            let shard = ShardDescription(
                id: ShardID(job: job, index: UInt32(index)), source: source, offset: slice.offset, length: slice.length)
            try count.add(shard, payload: intake.payloads[source.name])
            bytes += slice.length
            let posts = count.result.totals.records
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            let left = seconds / Double(max(bytes, 1)) * Double(max(intake.bytes - bytes, 0))
            Terminal.update(
                "\(index + 1) shards · \(Figures.grouped(posts)) posts · "
                    + "\(Figures.grouped(Double(posts) / max(seconds, 0.001))) posts/s · ETA \(Figures.duration(left))")
        }
        for problem in slices.problems { Terminal.say("warning: cannot read \(problem)") }
        Terminal.update("")
        report(count.result.totals, seconds: (ContinuousClock.now - started) / .seconds(1))
        output.show(
            digest
                ? DigestTable(RollupDigest(of: count.result)).table
                : TrendTable(rows: count.trendRows(grain: by), grain: by, group: nil).table)
    }

    private func report(_ totals: ShardTotals, seconds: Double) {
        Terminal.say(
            "\(Figures.grouped(totals.records)) records: \(Figures.grouped(totals.mentions)) mentions in "
                + "\(Figures.grouped(totals.matched)) posts, \(Figures.grouped(totals.duplicates)) repeated, "
                + "\(Figures.grouped(totals.filtered)) in other languages, \(Figures.grouped(totals.deletions)) deletions, "
                + "\(Figures.grouped(totals.quarantined)) unreadable; "
                + "\(Figures.grouped(Double(totals.records) / max(seconds, 0.001))) posts/s")
    }
}

/// Digests of rollup tables, alone or next to others.
struct DigestTable {
    let table: Table

    init(_ digest: RollupDigest) {
        table = Table(
            ["table", "rows", "digest"],
            rows: digest.lines.map { [.text($0.table), .count($0.rows), .text($0.digest)] })
    }
}
