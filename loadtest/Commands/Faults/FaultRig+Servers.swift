import Domain
import Foundation
import LocalServers
import Queue
import Redis

/// Faults of Redis and PostgreSQL.
extension FaultRig {
    private enum Loss: String, CaseIterable {
        case flushed = "FLUSHALL"
        case restartedEmpty = "restart without file"
        case olderFile = "restart with an older file"
    }

    /// The queue's data go; until results are accepted again, and how many shards ran again.
    func loseRedis(times count: Int, _ report: inout Report) async throws {
        var runsBefore = 0
        for loss in Loss.allCases {
            var times = Times()
            var exposed = 0
            for _ in 0..<count {
                exposed += try await lose(loss, &times)
                try await Task.sleep(for: .seconds(1))
            }
            let shards = try await drain()
            let runs = try await total("groundswell_shards_started_total", of: workers)
            let again = runs - shards - runsBefore
            runsBefore += again
            report.add("redis-loss, \(profile): \(loss.rawValue), results again after", times.text(mark: 10))
            report.add(
                "redis-loss, \(profile): \(loss.rawValue), shards run again",
                "\(again), in flight or with unmerged results were \(exposed) (\(again <= exposed ? "kept" : "MISSED"))"
            )
            try await feedAgain()
        }
    }

    /// - Returns: shards in flight and unmerged results at the loss.
    private func lose(_ loss: Loss, _ times: inout Times) async throws -> Int {
        let file = "\(redis.folder)/appendonlydir"
        let copy = "\(folder)/older"
        if loss == .olderFile {
            try FileManager.default.copyItem(atPath: file, toPath: copy)
            try await Task.sleep(for: .seconds(2))
        }
        // Nothing moves from the count to the loss.
        _ = try await client.send("CLIENT", "PAUSE", "20000", "WRITE")
        let keys = LaneKeys(.bulk)
        let pending = try await client.send("XPENDING", keys.ready, LaneQueue.workerGroup).array?.first?.integer ?? 0
        let results = try await client.send("XLEN", keys.done).integer ?? 0
        let back: ContinuousClock.Instant
        if loss == .flushed {
            _ = try await client.pipeline([RedisCommand("CLIENT", "UNPAUSE"), RedisCommand("FLUSHALL")])
            back = .now
        } else {
            redis.kill()
            try FileManager.default.removeItem(atPath: file)
            if loss == .olderFile { try FileManager.default.moveItem(atPath: copy, toPath: file) }
            try redis.restart()
            back = .now
        }
        try await untilMore("groundswell_shards_finished_total", of: workers)
        times.add(ContinuousClock.now - back)
        return Int(pending + results)
    }

    /// Redis is killed and comes back with its file after a while.
    func takeRedisAway(for seconds: Int, _ report: inout Report) async throws {
        let before = logLines()
        redis.kill()
        try await Task.sleep(for: .seconds(seconds))
        report.add("redis-away, \(profile): \(seconds) s, processes that exited", "\(ended.count)")
        let most = logLines().map { Double($0.value - before[$0.key, default: 0]) / Double(seconds) }.max() ?? 0
        report.add("redis-away, \(profile): log lines of the most talkative process", most, "/s (mark 1)", places: 2)
        try redis.restart()
        var times = Times()
        times.add(try await untilMore("groundswell_shards_finished_total", of: workers))
        report.add("redis-away, \(profile): results again after its return", times.text(mark: 5))
    }

    /// PostgreSQL is killed in the middle of merges and started at once, then stays away for a while.
    func takePostgresAway(restarts: Int, outage: Int, _ report: inout Report) async throws {
        let usage = UsageWatch(processes: pids)
        var times = Times()
        for _ in 0..<restarts {
            try await until("the reducer is in a transaction") {
                try postgres.psql(
                    """
                    SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%reducer%'
                    AND xact_start IS NOT NULL AND state <> 'idle'
                    """
                ).hasPrefix("1")
            }
            postgres.kill()
            try await restartPostgres()
            times.add(try await untilMore("groundswell_results_merged_total", of: ["reduce"]))
            try await Task.sleep(for: .seconds(1))
        }
        report.add("postgres, \(profile): killed in mid-merge, merges again after its return", times.text(mark: 10))
        let before = logLines()
        postgres.kill()
        var most = 0
        for _ in 0..<outage * 5 {
            most = max(most, Int(try await client.send("XLEN", LaneKeys(.bulk).done).integer ?? 0))
            usage.look()
            try await Task.sleep(for: .milliseconds(200))
        }
        report.add("postgres, \(profile): away \(outage) s, processes that exited", "\(ended.count)")
        let lines = logLines().map { Double($0.value - before[$0.key, default: 0]) / Double(outage) }.max() ?? 0
        report.add("postgres, \(profile): log lines of the most talkative process", lines, "/s (mark 1)", places: 2)
        report.add("postgres, \(profile): results waiting in Redis at most", "\(most)")
        try await restartPostgres()
        var back = Times()
        back.add(try await untilMore("groundswell_results_merged_total", of: ["reduce"]))
        report.add("postgres, \(profile): merges again after its return", back.text(mark: 10))
        usage.look()
        for role in ["reduce", "worker-1", "coordinator"] {
            let bytes = usage.usages.first { $0.name == role }?.bytes ?? 0
            report.add("postgres, \(profile): peak memory of \(role)", Double(bytes) / Double(1 << 20), "MiB")
        }
    }
}
