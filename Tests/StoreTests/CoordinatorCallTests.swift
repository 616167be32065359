import Domain
import Harness
import LocalServers
import Store
import Testing
import Trends

@Suite struct CoordinatorCallTests {
    @Test func theCursorMovesForwardOnlyAndEndsTheSending() async throws {
        try await withStore { store, _ in
            let slices = (0..<10).map { ShardSlice(source: 0, offset: Int64($0), length: 1) }
            let job = try await store.submit(.sample(), shards: slices).job
            let runnable = try #require(try await store.runnableJobs(in: .bulk).first)
            #expect(runnable.job == job && runnable.weight == 1 && runnable.shards == 10 && runnable.nextShard == 0)
            #expect(try await store.runnableJobs(in: .live).isEmpty)
            try await store.advance(job, to: 4)
            try await store.advance(job, to: 2)
            #expect(try await store.runnableJobs(in: .bulk).first?.nextShard == 4)
            try await store.advance(job, to: 10)
            #expect(try await store.runnableJobs(in: .bulk).isEmpty)
            #expect(try await store.runnableJobs(in: .bulk, includingSent: true).map(\.job) == [job])
        }
    }

    @Test func unmergedShardsComeInPagesAndSkipMergedDeadAndUnsentOnes() async throws {
        try await withStore { store, _ in
            let slices = (0..<20).map { ShardSlice(source: 0, offset: Int64($0), length: 1) }
            let job = try await store.submit(.sample(), shards: slices).job
            try await store.advance(job, to: 10)
            _ = try await store.merge([0, 1, 4].map { MergeItem(shard: shard(job, $0), attempt: 1, parts: []) })
            try await store.recordFailure(shard(job, 6), reason: "broken", isPermanent: true)
            let first = try await store.unmergedShards(of: job, limit: 3)
            #expect(first == [2, 3, 5].map { shard(job, $0) })
            #expect(try await store.unmergedShards(of: job, after: 5, limit: 9) == [7, 8, 9].map { shard(job, $0) })
            #expect(try await store.unmergedShards(of: job, below: 3, limit: 9) == [shard(job, 2)])
        }
    }

    @Test func theMarkOfSettledShardsStopsAtOneThatWaitsForAnotherTry() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(20)
            let mark = { try await psql(url, "SELECT settled_below FROM gw.job").first }
            _ = try await store.merge((0..<7).map { MergeItem(shard: shard(job, $0), attempt: 1, parts: []) })
            try await store.recordFailure(shard(job, 7), reason: "broken", isPermanent: true)
            try await store.recordFailure(shard(job, 8), reason: "busy", isPermanent: false)
            try await execute(url, "UPDATE gw.trouble SET retry_at = now() + interval '1 hour' WHERE idx = 8")
            _ = try await store.merge((9..<20).map { MergeItem(shard: shard(job, $0), attempt: 1, parts: []) })
            #expect(try await store.settle(job, stretch: 5))
            #expect(try await mark() == "5")
            #expect(try await !store.settle(job, stretch: 5))
            #expect(try await mark() == "8")
            // Its try comes, is sent and lost with Redis: the sweep must find it.
            try await execute(url, "UPDATE gw.trouble SET retry_at = now() WHERE idx = 8")
            #expect(try await store.dueRetries(in: .bulk, limit: 9) == [shard(job, 8)])
            #expect(try await store.unmergedShards(of: job, limit: 9) == [shard(job, 8)])
            _ = try await store.merge([MergeItem(shard: shard(job, 8), attempt: 2, parts: [])])
            while try await store.settle(job, stretch: 5) {}
            #expect(try await store.unmergedShards(of: job, limit: 9).isEmpty)
        }
    }

    @Test func oneLeadsUntilItResignsOrItsConnectionEnds() async throws {
        try await withStore { store, url in
            let other = makeStore(url)
            let lead = try #require(try await store.tryLead(silence: .seconds(300)))
            #expect(try await other.tryLead(silence: .seconds(300)) == nil)
            #expect(try await lead.isHeld())
            try await execute(
                url,
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name LIKE '%-leader' AND datname = current_database()
                """)
            let next = try #require(try await eventually { try await other.tryLead(silence: .seconds(300)) })
            #expect(try await lead.isHeld() == false)
            await next.resign()
            let last = try #require(try await eventually { try await store.tryLead(silence: .seconds(300)) })
            #expect(try await last.isHeld())
            await last.resign()
        }
    }

    /// The server frees a lock a moment after its connection ends.
    private func eventually<Value>(_ body: () async throws -> Value?) async throws -> Value? {
        for _ in 0..<100 {
            if let value = try await body() { return value }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    @Test func generationsRiseByLane() async throws {
        try await withStore { store, _ in
            let first = try await store.generation(of: .live)
            #expect(first == 0)
            #expect(try await store.raiseGeneration(of: .live, from: 0) == 1)
            #expect(try await store.raiseGeneration(of: .live, from: 1) == 2)
            #expect(try await store.generation(of: .live) == 2)
            #expect(try await store.generation(of: .bulk) == 0)
        }
    }

    @Test func jobsPauseResumeAndCancel() async throws {
        try await withStore { store, _ in
            let slices = [ShardSlice(source: 0, offset: 0, length: 1)]
            let job = try await store.submit(.sample(lane: .live), shards: slices).job
            try await store.pause(job)
            try await store.pause(job)
            #expect(try await store.runnableJobs(in: .live).isEmpty)
            try await store.resume(job)
            #expect(try await store.runnableJobs(in: .live).count == 1)
            try await store.cancel(job)
            #expect(try await store.job(job).state == .cancelled)
            #expect(try await store.job(job).finishedAt != nil)
            await #expect(throws: StoreError.wrongState(job, state: .cancelled, wanted: "resumed")) {
                try await store.resume(job)
            }
        }
    }

    @Test func aJobEndsWhenAllShardsAreMergedOrDead() async throws {
        try await withStore { store, _ in
            let fine = try await store.submitted(2)
            let broken = try await store.submitted(2)
            _ = try await store.merge([MergeItem(shard: shard(fine, 0), attempt: 1, parts: [])])
            #expect(try await store.completeFinishedJobs().isEmpty)
            _ = try await store.merge(
                [shard(fine, 1), shard(broken, 0)].map { MergeItem(shard: $0, attempt: 1, parts: []) })
            try await store.recordFailure(shard(broken, 1), reason: "broken", isPermanent: true)
            #expect(try await store.completeFinishedJobs().sorted() == [fine, broken])
            #expect(try await store.completeFinishedJobs().isEmpty)
            #expect(try await store.job(fine).state == .completed)
            #expect(try await store.job(broken).state == .completedWithErrors)

            #expect(try await store.retryDeadShards(of: broken) == 1)
            #expect(try await store.job(broken).state == .running)
            #expect(try await store.dueRetries(in: .bulk, limit: 9) == [shard(broken, 1)])
            _ = try await store.merge([MergeItem(shard: shard(broken, 1), attempt: 2, parts: [])])
            #expect(try await store.completeFinishedJobs() == [broken])
            #expect(try await store.job(broken).state == .completed)
        }
    }

    @Test func aPoisonousRecordMakesItsJobEndWithErrorsAndIsKnownByItsPlace() async throws {
        try await withStore { store, _ in
            let reason = QuarantinedRecord.poisonMark + "killed its process (signal 6)"
            for (record, state) in [("no id", JobState.completed), (reason, .completedWithErrors)] {
                let job = try await store.submitted(2)
                var partial = Partial()
                partial.quarantine = [QuarantinedRecord(offset: 17, reason: record, excerpt: [])]
                _ = try await store.merge(
                    (0..<2).map { MergeItem(shard: shard(job, $0), attempt: 1, parts: $0 == 1 ? [partial] : []) })
                #expect(try await store.completeFinishedJobs() == [job])
                #expect(try await store.job(job).state == state)
                let poison = try await store.poison(of: job)
                #expect(poison == (state == .completed ? [:] : [shard(job, 1): [17: reason]]))
            }
            #expect(try await store.poisonCounts().values.sorted() == [1])
        }
    }

    @Test func someDeadShardsCanBeTriedAgainAlone() async throws {
        try await withStore { store, _ in
            let job = try await store.submitted(3)
            for index in 0..<3 {
                try await store.recordFailure(shard(job, index), reason: "broken", isPermanent: true)
            }
            #expect(try await store.retryDeadShards(of: job, only: [1, 7]) == 1)
            #expect(try await store.deadShards(of: job).map(\.shard.index) == [0, 2])
            #expect(try await store.retryDeadShards(of: job) == 2)
        }
    }

    @Test func everyCallWorksAgainAfterTheServerWasRestarted() async throws {
        try await withPostgresServer { server in
            let store = makeStore(server.url)
            _ = try await store.migrate()
            let job = try await store.submitted(1)
            let lead = try #require(try await store.tryLead())
            server.stop()
            #expect(try await lead.isHeld() == false)
            try server.restart()
            #expect(try await store.describe([shard(job, 0)]).count == 1)
            let outcome = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [])])
            #expect(outcome.merged == [shard(job, 0)])
            #expect(try await lead.isHeld() == false)
            #expect(try await store.tryLead() != nil)
        }
    }
}
