internal import Domain
internal import Foundation
internal import Generator
internal import LocalServers
internal import Store
internal import Trends

/// Submits one job after the other, waits for each, and proves its numbers.
struct JobTrack: Sendable {
    let number: Int
    let archives: [ChaosArchive]
    let cluster: ChaosCluster
    let clock: ChaosClock
    let record: ChaosRecord
    /// Over a line of its own that nothing disturbs but the server's end.
    let store: Store
    let seed: UInt64

    private struct Running {
        let job: JobID
        let archive: ChaosArchive
        let submitted: ContinuousClock.Instant
        var ended: ContinuousClock.Instant?
    }

    /// Works until the fire is over and its last job is checked.
    func run() async throws {
        var random = Seeded(seed &+ UInt64(number) &* 0x9e37_79b9)
        // A job is checked when the next one has ended: time for late results of stopped workers to do harm.
        var previous: Running?
        for turn in 1... where clock.isBurning || turn == 1 {
            let archive = archives[random.below(archives.count)]
            var job = try await submit(
                archive, key: "track-\(number)-\(turn)", weight: 1 + random.below(3),
                lane: random.percent(25) ? .live : .bulk)
            guard try await waitForEnd(&job) else { break }
            if let previous { try await prove(previous) }
            previous = job
            if !clock.isBurning { break }
        }
        if let previous { try await prove(previous) }
    }

    private func submit(_ archive: ChaosArchive, key: String, weight: Int, lane: Lane) async throws -> Running {
        let command = cluster.command
        var tries = 0
        let submitted = ContinuousClock.now
        let status = try await clock.insist {
            tries += 1
            _ = try await command.run(
                "submit", "--monitor", archive.monitor, "--key", key, "--weight", "\(weight)", "--lane", lane.rawValue,
                "--shard-posts", "\(archive.shardPosts)", "--output", "json", archive.posts)
            guard let status = try await store.jobs().first(where: { $0.key == key }) else {
                throw ChaosError("the job \(key) was submitted and is not there")
            }
            return status
        }
        if tries > 1 { record.change { [tries] in $0.repeatedSubmissions += tries - 1 } }
        record.note(
            "job \(status.job): \(status.shards) shards, weight \(weight), lane \(lane.rawValue), \(tries) tries")
        return Running(job: status.job, archive: archive, submitted: submitted)
    }

    /// False when the job does not end.
    private func waitForEnd(_ running: inout Running) async throws -> Bool {
        var last: JobStatus?
        while clock.isPatient {
            if let status = try? await store.job(running.job) {
                last = status
                record.change { facts in
                    facts.running["job \(status.job)"] =
                        status.state.isFinal ? nil : Double(status.merged) / Double(max(status.shards, 1))
                }
                if status.state.isFinal {
                    running.ended = .now
                    record.note("job \(status.job) ended: \(status.state.rawValue)")
                    return true
                }
            }
            try await Task.sleep(for: .milliseconds(250))
        }
        let standing = last.map { "\($0.merged) of \($0.shards) shards merged, \($0.sent) sent, \($0.dead) dead" }
        record.problem("job \(running.job) does not end: \(standing ?? "PostgreSQL does not answer")")
        return false
    }

    /// Compares the job with the count in one process; a job that is exact is then forgotten.
    private func prove(_ running: Running) async throws {
        let archive = running.archive
        let (status, digests, tries) = try await clock.insist {
            let status = try await store.job(running.job)
            let digests = try await store.digest(of: running.job).lines.map {
                ChaosArchive.Digest(table: $0.table, rows: $0.rows, digest: $0.digest)
            }
            return (status, digests, try await attempts(of: running.job))
        }
        var differences: [String] = []
        if status.state != .completed { differences.append("state \(status.state.rawValue)") }
        if status.dead > 0 { differences.append("\(status.dead) shards dead") }
        if status.totals.records != archive.expectedPosts {
            differences.append("\(status.totals.records) posts instead of \(archive.expectedPosts)")
        }
        for (found, wanted) in zip(digests, archive.digests) where found != wanted {
            differences.append("\(found.table): \(found.rows) rows, digest \(found.digest), not \(wanted.digest)")
        }
        if digests.count != archive.digests.count { differences.append("\(digests.count) tables") }
        let seconds = ((running.ended ?? .now) - running.submitted) / .seconds(1)
        let verdict = JobVerdict(
            job: status.job.rawValue, seconds: seconds, shards: status.shards, expectedPosts: archive.expectedPosts,
            countedPosts: Int(status.totals.records), shardsAgain: tries.again, highestAttempt: tries.highest,
            differences: differences)
        record.change { $0.jobs.append(verdict) }
        guard differences.isEmpty else {
            record.problem("job \(status.job): \(differences.joined(separator: "; "))")
            return
        }
        record.note("job \(status.job) is exact")
        try await forget(running.job)
    }

    /// So that an hour's jobs take no more room than a minute's.
    private func forget(_ job: JobID) async throws {
        try await clock.insist {
            do {
                try await store.forget(job)
            } catch StoreError.unknownJob {
                // The first try was done, and only its answer lost.
            }
        }
    }

    private func attempts(of job: JobID) async throws -> (again: Int, highest: Int) {
        let sql = """
            SELECT count(*) FILTER (WHERE attempt > 1), coalesce(max(attempt), 0) FROM gw.ledger
            WHERE job_id = \(job.rawValue)
            """
        let printed = try await Blocking.run { [postgres = cluster.postgres] in
            try postgres.psql(sql, database: "groundswell")
        }
        let numbers = printed.split { $0 == "|" || $0.isNewline }.compactMap { Int($0) }
        guard numbers.count == 2 else { throw ChaosError("psql printed \(printed)") }
        return (numbers[0], numbers[1])
    }
}
