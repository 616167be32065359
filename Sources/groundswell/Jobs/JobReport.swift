import Domain
import Foundation
import Store
import Trends

/// How a job stands, as a person reads it.
struct JobReport {
    let status: JobStatus

    /// Merged and dead shards of all shards, 0…1.
    var share: Double {
        status.shards == 0 ? 1 : Double(status.merged + status.dead) / Double(status.shards)
    }

    private var percent: String { "\(Int((share * 100).rounded(.down)))%" }

    /// Seconds to the end at the present pace; `nil` while it is unknown or over.
    var secondsLeft: Double? {
        guard status.state == .running, status.recentShardsPerSecond > 0 else { return nil }
        return Double(status.shards - status.merged - status.dead) / status.recentShardsPerSecond
    }

    /// Seconds from submission to the end, or to now.
    var secondsElapsed: Double {
        Double((status.finishedAt ?? status.now).milliseconds - status.submittedAt.milliseconds) / 1000
    }

    static let columns = [
        "job", "monitor", "state", "done", "shards", "dead", "posts", "mentions", "quarantined", "posts/s", "eta",
    ]

    var row: [Table.Cell] {
        let mean = Double(status.totals.records) / max(secondsElapsed, 0.001)
        let pace = status.state == .running ? status.recentRecordsPerSecond : mean
        return [
            .integer(Int64(status.job.rawValue)), .text(status.monitor), .text(status.state.rawValue),
            .text(percent), .count(status.shards), .count(status.dead),
            .integer(status.totals.records), .integer(status.totals.mentions), .integer(status.totals.quarantined),
            .decimal(pace, places: 0), secondsLeft.map { .text(Figures.duration($0)) } ?? .missing,
        ]
    }

    /// One line for a progress display.
    func line(width: Int = 24) -> String {
        let filled = Int((share * Double(width)).rounded(.down))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        var parts = [
            "job \(status.job) \(bar) \(percent)",
            "\(status.merged)/\(status.shards) shards", "\(Figures.grouped(status.totals.records)) posts",
        ]
        if status.state != .running { parts.append(status.state.rawValue) }
        if status.recentRecordsPerSecond > 0, status.state == .running {
            parts.append("\(Figures.grouped(status.recentRecordsPerSecond)) posts/s")
        }
        if let secondsLeft { parts.append("ETA \(Figures.duration(secondsLeft))") }
        if status.totals.quarantined > 0 { parts.append("\(Figures.grouped(status.totals.quarantined)) quarantined") }
        if status.dead > 0 { parts.append("\(status.dead) dead") }
        return parts.joined(separator: " · ")
    }
}

/// Follows jobs until they end.
struct JobWatch {
    private static let interval = Duration.milliseconds(500)
    /// Where no terminal shows the bar, a line is enough now and then.
    private static let lineInterval = Duration.seconds(5)
    /// Without a merge for this long, the user is told where to look.
    private static let patience = Duration.seconds(15)

    let store: Store

    /// Returns the last status of each job, in the order given.
    func follow(_ jobs: [JobID]) async throws -> [JobStatus] {
        var ended: [JobStatus] = []
        for job in jobs { ended.append(try await follow(job)) }
        return ended
    }

    private func follow(_ job: JobID) async throws -> JobStatus {
        var lastLine = ContinuousClock.now - Self.lineInterval
        var lastChange = ContinuousClock.now
        var lastMerged = -1
        var wasHinted = false
        while true {
            let status = try await store.job(job)
            let now = ContinuousClock.now
            if status.merged != lastMerged { (lastMerged, lastChange) = (status.merged, now) }
            let line = JobReport(status: status).line()
            Terminal.update(line)
            if !Terminal.isErrorTerminal && now - lastLine >= Self.lineInterval {
                Terminal.say(line)
                lastLine = now
            }
            if status.state.isFinal {
                Terminal.update("")
                Terminal.say(line)
                return status
            }
            if !wasHinted && status.state == .running && now - lastChange > Self.patience {
                wasHinted = true
                Terminal.update("")
                Terminal.say(
                    "no shard was merged for \(Figures.duration(Self.patience / .seconds(1))): do a coordinator, a worker "
                        + "and a reducer run? ('groundswell local status'; their logs say what they wait for)")
            }
            try await Task.sleep(for: Self.interval)
        }
    }
}
