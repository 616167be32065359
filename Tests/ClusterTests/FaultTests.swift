import Domain
import Foundation
import Harness
import LocalServers
import Queue
import Redis
import Testing

extension RealProcesses {
    /// Whatever is lost, every post counts once, and little runs again.
    @Suite(.timeLimit(.minutes(5)))
    struct FaultTests {
        @Test func theShardsOfAKilledWorkerRunAgainAndNoOthers() async throws {
            try await FaultCluster.with { faults in
                try await faults.submit(posts: 12_000, postsPerShard: 100)
                // Nearly every post takes half a millisecond, so that the job does not end before the look.
                try faults.startRoles(workers: 2, work: ["GROUNDSWELL_SLOW_ON": "e:0.0005"])
                try await faults.progress(reaches: 0.1)
                let leases = try await leasesOfAPausedWorker(faults)
                let startedByTheDead = leases.started
                faults.cluster.kill("worker-1")
                try await faults.expectExact()
                #expect(try await faults.metric("groundswell_shards_reclaimed_total", of: "worker-2") == leases.held)
                let started = try await faults.metric("groundswell_shards_started_total", of: "worker-2")
                #expect(started + startedByTheDead <= faults.shards + leases.held)
            }
        }

        /// Stops worker-1 at a moment when it holds shards.
        private func leasesOfAPausedWorker(_ faults: FaultCluster) async throws -> (held: Int, started: Int) {
            let queue = LaneQueue(redis: faults.client, blocking: nil, lane: .bulk)
            var leases = (held: 0, started: 0)
            try await faults.until("worker-1 holds shards") {
                leases.started = try await faults.metric("groundswell_shards_started_total", of: "worker-1")
                faults.cluster.pause("worker-1")
                // What it sent before is answered by now, or it is not served any more.
                try await Task.sleep(for: .milliseconds(50))
                let consumers = try await queue.depth().consumers
                let number = try #require(faults.cluster.pid(of: "worker-1"))
                leases.held = consumers.first { $0.key.contains("-\(number)-") }?.value ?? 0
                if leases.held == 0 { faults.cluster.resume("worker-1") }
                return leases.held > 0
            }
            return leases
        }

        @Test func aWorkerThatSleptThroughItsLeaseHasItsResultRefused() async throws {
            try await FaultCluster.with { faults in
                // Shards of one batch: a run that is under way at the pause ends with a result after it.
                try await faults.submit(posts: 16_000, postsPerShard: 400, model: "fast")
                try faults.startRoles(workers: 2)
                try await faults.progress(reaches: 0.05)
                var refused = 0
                for _ in 0..<3 where refused == 0 {
                    let before = try await faults.metric("groundswell_shards_reclaimed_total", of: "worker-2")
                    _ = try await leasesOfAPausedWorker(faults)
                    try await faults.until("worker-2 takes the shards over") {
                        try await faults.metric("groundswell_shards_reclaimed_total", of: "worker-2") > before
                    }
                    faults.cluster.resume("worker-1")
                    try await faults.until("worker-1 notices") {
                        refused = try await faults.metric("groundswell_results_refused_total", of: "worker-1")
                        let lost = try await faults.metric("groundswell_leases_lost_total", of: "worker-1")
                        return refused > 0 || lost > 0
                    }
                    try await Task.sleep(for: .milliseconds(500))
                    refused = try await faults.metric("groundswell_results_refused_total", of: "worker-1")
                }
                #expect(refused > 0)
                try await faults.expectExact()
            }
        }

        @Test func aWorkerThatIsToldToStopHandsAllItsShardsBack() async throws {
            try await FaultCluster.with { faults in
                try await faults.submit(posts: 12_000, postsPerShard: 100)
                try faults.startRoles(workers: 2)
                try await faults.progress(reaches: 0.1)
                faults.cluster.stop("worker-1")
                try await faults.expectExact()
                // A shard that had not been handed back would have been taken over when its lease ended.
                #expect(try await faults.metric("groundswell_shards_reclaimed_total", of: "worker-2") == 0)
            }
        }

        enum RedisLoss: CaseIterable { case flushed, restartedEmpty, olderFileRestored, groupsDestroyed }

        @Test(arguments: RedisLoss.allCases)
        func aQueueThatLostItsDataIsFilledAgainAndOnlyWhatWasUnderWayRunsAgain(_ loss: RedisLoss) async throws {
            try await FaultCluster.with { faults in
                try await faults.submit(posts: 10_000, postsPerShard: 50)
                try faults.startRoles(workers: 2)
                try await faults.progress(reaches: 0.05)
                let exposed = try await lose(loss, faults)
                try await faults.expectExact()
                let runsAgain = try await faults.runsAgain()
                #expect((0...exposed).contains(runsAgain))
                #expect(try await faults.metric("groundswell_lane_generations_total", of: "coordinator") >= 3)
            }
        }

        /// - Returns: the shards in flight and the unmerged results at the loss.
        private func lose(_ loss: RedisLoss, _ faults: FaultCluster) async throws -> Int {
            let file = "\(faults.redis.folder)/appendonlydir"
            let copy = "\(faults.cluster.folder)/older"
            if loss == .olderFileRestored {
                try FileManager.default.copyItem(atPath: file, toPath: copy)
                try await faults.progress(reaches: 0.3)
            }
            let exposed = try await faults.exposedShards()
            switch loss {
            case .flushed:
                // The one command that ends the pause, sent at once with the loss.
                _ = try await faults.client.pipeline([RedisCommand("CLIENT", "UNPAUSE"), RedisCommand("FLUSHALL")])
            case .groupsDestroyed:
                let keys = LaneKeys(.bulk)
                _ = try await faults.client.pipeline([
                    RedisCommand("CLIENT", "UNPAUSE"),
                    RedisCommand("XGROUP", "DESTROY", keys.ready, LaneQueue.workerGroup),
                    RedisCommand("XGROUP", "DESTROY", keys.done, LaneQueue.reducerGroup),
                ])
            case .restartedEmpty, .olderFileRestored:
                try await onOwnThread { [redis = faults.redis] in
                    redis.kill()
                    try FileManager.default.removeItem(atPath: file)
                    if loss == .olderFileRestored { try FileManager.default.moveItem(atPath: copy, toPath: file) }
                    try redis.restart()
                }
            }
            return exposed
        }

        private static let isLong = ProcessInfo.processInfo.environment["GROUNDSWELL_LONG"] != nil

        @Test func whileRedisIsAwayNobodyExitsOrFillsTheLogAndThenWorkGoesOn() async throws {
            let outage = Self.isLong ? 60 : 4
            try await FaultCluster.with { faults in
                try await faults.submit(posts: 10_000, postsPerShard: 50)
                try faults.startRoles(workers: 2)
                try await faults.progress(reaches: 0.1)
                let before = faults.logLines()
                faults.redis.kill()
                try await Task.sleep(for: .seconds(outage))
                #expect(faults.cluster.ended == [])
                for (role, lines) in faults.logLines() {
                    #expect(lines - before[role, default: 0] <= outage + 2, "\(faults.cluster.log(of: role))")
                }
                try await onOwnThread { [redis = faults.redis] in try redis.restart() }
                try await faults.expectExact()
            }
        }

        @Test func whilePostgresIsAwayResultsWaitInBoundsAndThenEachIsMergedOnce() async throws {
            let outage = Self.isLong ? 30 : 4
            try await FaultCluster.with(ownPostgres: true) { faults in
                let postgres = try #require(faults.postgres)
                try await faults.submit(posts: 14_000, postsPerShard: 20)
                try faults.startRoles(workers: 2)
                try await faults.until("the reducer is in the middle of its work") {
                    try await faults.metric("groundswell_results_merged_total", of: "reduce") > 64
                }
                postgres.kill()
                try await Task.sleep(for: .seconds(outage))
                #expect(faults.cluster.ended == [])
                let results = try await faults.client.send("XLEN", LaneKeys(.bulk).done).integer ?? 0
                // The bound, and what two workers of one thread may hold when it is reached.
                #expect(results <= 256 + 2 * 65)
                try await onOwnThread { try postgres.restart() }
                try await faults.expectExact()
            }
        }

        @Test func aReducerMayDieAtEachStepOfAMerge() async throws {
            try await FaultCluster.with { faults in
                // More results than five reducers take before they die.
                try await faults.submit(posts: 8000, postsPerShard: 20)
                try faults.start("coordinator")
                try faults.start("worker", name: "worker-1")
                for step in ["begun", "ledgerWritten:2", "rowsWritten", "acknowledged", "committed"] {
                    try faults.start("reduce", name: "reduce-\(step)", environment: ["GROUNDSWELL_DIE_AT": step])
                    try await faults.until("the reducer dies at \(step)") {
                        faults.cluster.ended == ["reduce-\(step)"]
                    }
                    faults.cluster.kill("reduce-\(step)")
                }
                try faults.start("reduce")
                try await faults.expectExact()
                try await faults.until("what was committed and not acknowledged comes again") {
                    try await faults.metric("groundswell_results_duplicate_total", of: "reduce") > 0
                }
            }
        }

        @Test func aMisspeltFaultPointIsRefused() async throws {
            let result = try await Command(environment: [
                "GROUNDSWELL_DIE_AT": "comitted", "GROUNDSWELL_REDIS": "redis://127.0.0.1:1",
            ]).run("reduce", "--postgres", "postgres:///none")
            #expect(result.status == 1)
        }
    }
}
