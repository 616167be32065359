import Feeds
import Monitors
import Store

/// What a job would be, before it is submitted.
struct Forecast {
    let monitor: Monitor
    let intake: Intake
    let shards: Int
    /// How fast jobs of the same model went lately; `nil` when there was none.
    let pace: MeasuredPace?

    var seconds: Double? { pace.map { Double(intake.estimatedPosts) / $0.recordsPerSecond } }

    var table: Table {
        Table(
            ["monitor", "sources", "bytes", "posts", "shards", "posts/s", "seconds"],
            rows: [
                [
                    .text(monitor.name), .count(intake.sources.count), .integer(intake.bytes),
                    .integer(intake.estimatedPosts), .count(shards),
                    pace.map { .decimal($0.recordsPerSecond, places: 0) } ?? .missing,
                    seconds.map { .decimal($0, places: 0) } ?? .missing,
                ]
            ])
    }

    /// What the figures mean, for a person.
    var hints: [String] {
        var hints = [
            "nothing was submitted: about \(Figures.grouped(intake.estimatedPosts)) posts (estimated from samples) "
                + "in \(shards) shards, \(Figures.bytes(intake.bytes))"
        ]
        if let pace, let seconds {
            hints.append(
                "about \(Figures.duration(seconds)) at \(Figures.grouped(pace.recordsPerSecond)) posts/s, the pace of the "
                    + "last \(pace.jobs == 1 ? "job" : "\(pace.jobs) jobs") with this model, if nothing else runs")
        } else {
            hints.append(
                "how long it takes is unknown: no job with this model has ended here yet. Submit a part of the sources "
                    + "first; its pace is measured, and the next --dry-run uses it")
        }
        return hints
    }
}

extension Sequence {
    /// How many elements there are, without keeping them.
    func count() -> Int { reduce(0) { count, _ in count + 1 } }
}
