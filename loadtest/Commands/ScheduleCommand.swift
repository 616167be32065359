import ArgumentParser
import Domain
import Foundation
import LocalServers
import Logging
import Queue
import Redis
import Store

/// What the coordinator promises of time and fairness, measured with real roles on private servers.
struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract:
            "Time the coordinator: weights, waiting in live, pause, cancel, a large submit, take-over of the lead.",
        discussion: "Example: loadtest schedule --record loadtest/results/schedule.txt")

    @Option(help: "Shards of the backfill behind which live jobs run.") var backfill = 100_000
    @Option(help: "Shards of the largest submit.") var largest = 1_000_000
    @Option(help: "Live jobs of one shard whose waiting is measured.") var probes = 60
    @Option(help: "Append the report to this file.") var record: String?

    func run() async throws {
        let servers = try BenchServers()
        defer { servers.end() }
        var processes = try servers.processes()
        let bench = try ScheduleBench(
            redis: servers.redis.url, postgres: servers.postgres.url, folder: servers.folder)
        var report = Report()
        report.addMachine()

        try processes.start("coordinator", [], name: "first")
        try await bench.weights(&report)
        try await bench.largeSubmit(largest, &report)
        try processes.start("reduce", [])
        let threads = "\(ProcessInfo.processInfo.activeProcessorCount)"
        for lane in ["bulk", "live"] {
            try processes.start("worker", ["--threads", threads, "--lanes", lane], name: "\(lane)-worker")
        }
        try await bench.live(backfill: backfill, &report)
        // From here the test itself claims what is live.
        try processes.signal(SIGKILL, to: "live-worker")
        try await bench.waits(backfill: backfill, probes: probes, &report)
        try await bench.stops(backfill: backfill, &report)

        try processes.start("coordinator", [], name: "second")
        try await Task.sleep(for: .seconds(2))
        try processes.signal(SIGSTOP, to: "first")
        report.add("take-over from a stopped leader", try await bench.takeOver(), "s", places: 2)
        try processes.signal(SIGCONT, to: "first")
        try await Task.sleep(for: .seconds(2))
        try processes.signal(SIGKILL, to: "second")
        report.add("take-over from a killed leader", try await bench.takeOver(), "s", places: 2)
        try report.publish(record: record)
    }
}

/// The measurements, each on what the one before left.
private struct ScheduleBench {
    private let store: Store
    private let redis: RedisURL
    private let source: SourceDescription
    private let postBytes: Int64

    init(redis: String, postgres: String, folder: String) throws {
        store = Store(url: postgres, logger: Logger(label: "loadtest"))
        self.redis = try RedisURL(redis)
        // Tiny shards: each is the one post of a file that all share.
        let post =
            #"{"id":"1","platform":"x","created_at":"2026-11-22T08:00:00Z","author":{"id":"a"},"text":"quenzo"}"# + "\n"
        try Data(post.utf8).write(to: URL(fileURLWithPath: "\(folder)/post.jsonl"))
        postBytes = Int64(post.utf8.count)
        source = SourceDescription(place: .file(path: "\(folder)/post.jsonl"), format: .jsonLines, compression: .none)
    }

    private func submit(_ shards: Int, lane: Lane = .bulk, share: JobShare = JobShare()) async throws -> JobID {
        let yaml = "name: bench\nbrands:\n  - name: Quenzo\n    query: quenzo\nmodel: none\n"
        let submission = JobSubmission(
            monitor: "bench", monitorYAML: yaml, monitorVersion: "0", brands: [("Quenzo", "quenzo")], lane: lane,
            share: share, sources: [source])
        let slice = ShardSlice(source: 0, offset: 0, length: postBytes)
        return try await store.submit(submission, shards: repeatElement(slice, count: shards)).job
    }

    // MARK: Weights

    /// Three jobs of weights 3, 2, 1, their dispatches counted by a claimer.
    func weights(_ report: inout Report) async throws {
        let queue = queue(.bulk)
        while try await queue.generation() == nil { try await Task.sleep(for: .milliseconds(20)) }
        var jobs: [JobID] = []
        for weight in [3, 2, 1] { jobs.append(try await submit(20_000, share: JobShare(weight: weight))) }
        var counts: [JobID: Int] = [:]
        // The first job is there some milliseconds before the others: its first window is no measure.
        var left = 3000
        var skipped = 0
        while left > 0 {
            guard case .leases(let leases) = try await queue.claim(max: 64, block: .seconds(1)) else { continue }
            try await queue.acknowledge(leases)
            if skipped < 512 {
                skipped += leases.count
                continue
            }
            for lease in leases.prefix(left) { counts[lease.shard.job, default: 0] += 1 }
            left -= min(left, leases.count)
        }
        for job in jobs { try await store.cancel(job) }
        try await drop(from: queue)
        report.add(
            "weights 3:2:1", "\(jobs.map { "\(counts[$0, default: 0])" }.joined(separator: " : ")) of 3000 dispatches")
    }

    /// Takes away what cancelled jobs left waiting, as workers would.
    private func drop(from queue: LaneQueue) async throws {
        while case .leases(let leases) = try await queue.claim(max: 256), !leases.isEmpty {
            try await queue.acknowledge(leases)
        }
    }

    // MARK: Submit

    func largeSubmit(_ shards: Int, _ report: inout Report) async throws {
        let started = ContinuousClock.now
        let job = try await submit(shards, lane: .bulk)
        report.add("submit of \(shards) shards", seconds(since: started), "s", places: 2)
        let asked = ContinuousClock.now
        _ = try await store.job(job)
        report.add("its status", milliseconds(since: asked), "ms", places: 1)
        let cancelling = ContinuousClock.now
        try await store.cancel(job)
        report.add("its cancel", milliseconds(since: cancelling), "ms", places: 1)
        try await drop(from: queue(.bulk))
    }

    // MARK: Live under backfill

    func live(backfill: Int, _ report: inout Report) async throws {
        // The worker's first shard reads and compiles the monitor.
        _ = try await ended(submit(10, lane: .live))
        let alone = try await medianOfFive()
        let behind = try await beside(backfill) { try await medianOfFive() }
        report.add("100-shard live job alone", alone, "s, median of five", places: 3)
        report.add("the same behind \(backfill) shards", behind, "s, median of five", places: 3)
    }

    private func medianOfFive() async throws -> Double {
        var times: [Double] = []
        for _ in 0..<5 { times.append(try await ended(submit(100, lane: .live))) }
        return times.sorted()[2]
    }

    /// From the end of a submit to the claim of its one shard, while a worker runs a backfill.
    func waits(backfill: Int, probes: Int, _ report: inout Report) async throws {
        let queue = queue(.live)
        let waits = try await beside(backfill) {
            var waits: [Double] = []
            while waits.count < probes {
                // At any moment between two looks of the coordinator.
                try await Task.sleep(for: .milliseconds(Int.random(in: 0..<100)))
                let job = try await submit(1, lane: .live)
                let started = ContinuousClock.now
                while true {
                    guard case .leases(let leases) = try await queue.claim(max: 16, block: .seconds(1)) else {
                        continue
                    }
                    try await queue.acknowledge(leases)
                    if leases.contains(where: { $0.shard.job == job }) { break }
                }
                waits.append(milliseconds(since: started))
                try await store.cancel(job)
            }
            return waits.sorted()
        }
        let quantiles = [0.5, 0.95].map { String(format: "%.0f", waits[Int(Double(waits.count - 1) * $0)]) }
        report.add(
            "submit to claim in live under backfill", "p50 \(quantiles[0]) ms, p95 \(quantiles[1]) ms of \(probes)")
    }

    /// Runs something while workers are busy with a backfill.
    private func beside<Value>(_ backfill: Int, _ body: () async throws -> Value) async throws -> Value {
        let job = try await submit(backfill)
        while try await store.job(job).merged == 0 { try await Task.sleep(for: .milliseconds(20)) }
        let value = try await body()
        guard try await !store.job(job).state.isFinal else {
            throw LoadtestError("the backfill ended too soon: give it more shards with --backfill")
        }
        try await store.cancel(job)
        return value
    }

    /// Seconds from the submission to the last merge.
    private func ended(_ job: JobID) async throws -> Double {
        var status = try await store.job(job)
        while !status.state.isFinal {
            try await Task.sleep(for: .milliseconds(20))
            status = try await store.job(job)
        }
        let last = status.lastMerge ?? status.now
        return Double(last.milliseconds - status.submittedAt.milliseconds) / 1000
    }

    // MARK: Pause, resume, cancel

    /// A running backfill is stopped: how long until no shard of it waits or runs any more.
    func stops(backfill: Int, _ report: inout Report) async throws {
        let job = try await submit(backfill)
        while try await store.job(job).merged == 0 { try await Task.sleep(for: .milliseconds(20)) }
        report.add("pause to the last shard", try await stop { try await store.pause(job) }, "s", places: 2)
        let merged = try await store.job(job).merged
        let started = ContinuousClock.now
        try await store.resume(job)
        while try await store.job(job).merged == merged { try await Task.sleep(for: .milliseconds(10)) }
        report.add("resume to the first merge", seconds(since: started), "s", places: 2)
        try await Task.sleep(for: .seconds(1))
        report.add("cancel to the last shard", try await stop { try await store.cancel(job) }, "s", places: 2)
    }

    private func stop(_ command: () async throws -> Void) async throws -> Double {
        let queue = queue(.bulk)
        let started = ContinuousClock.now
        try await command()
        while true {
            let depth = try await queue.depth()
            if depth.waiting + depth.inFlight == 0 { return seconds(since: started) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    // MARK: Leadership

    /// Seconds until a shard that is submitted now is sent by another leader.
    func takeOver() async throws -> Double {
        let started = ContinuousClock.now
        let job = try await submit(1, lane: .live)
        while try await store.job(job).sent == 0 { try await Task.sleep(for: .milliseconds(20)) }
        return seconds(since: started)
    }

    // MARK: Parts

    private func queue(_ lane: Lane) -> LaneQueue {
        var settings = QueueSettings(role: "worker")
        settings.resultBound = .max
        let client = RedisClient(redis)
        return LaneQueue(redis: client, blocking: client.sibling(), lane: lane, settings: settings)
    }

    private func seconds(since moment: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - moment) / .seconds(1)
    }

    private func milliseconds(since moment: ContinuousClock.Instant) -> Double { seconds(since: moment) * 1000 }
}
