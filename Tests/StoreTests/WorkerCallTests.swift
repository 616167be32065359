import Domain
import Store
import Testing

@Suite struct WorkerCallTests {
    @Test func shardsAreDescribedAsTheyWereSubmitted() async throws {
        try await withStore { store, _ in
            let job = try await store.submitted(3)
            let unknown = shard(JobID(rawValue: 99), 0)
            let standings = try await store.describe([shard(job, 1), unknown, shard(job, 0)])
            let file = SourceDescription(place: .file(path: "/data/a.jsonl"), format: .jsonLines, compression: .none)
            let payload = SourceDescription(
                place: .payload(name: "stdin"), format: .csv, compression: .zstd, columns: ["id", "text, \"x\""])
            #expect(
                standings == [
                    shard(job, 0): .waiting(ShardDescription(id: shard(job, 0), source: file, offset: 0, length: 100)),
                    shard(job, 1): .waiting(
                        ShardDescription(id: shard(job, 1), source: payload, offset: 100, length: 100)),
                ])
        }
    }

    @Test func mergedDeadAndCancelledShardsNeedNoWork() async throws {
        try await withStore { store, _ in
            let job = try await store.submitted(3)
            _ = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [])])
            #expect(try await store.recordFailure(shard(job, 1), reason: "no such file", isPermanent: true))
            let all = (0..<3).map { shard(job, $0) }
            var standings = try await store.describe(all)
            #expect(standings[all[0]] == .merged && standings[all[1]] == .dead)
            try await store.cancel(job)
            standings = try await store.describe(all)
            #expect(standings[all[0]] == .merged && standings[all[2]] == .cancelled)
        }
    }

    @Test func shardsOfAPausedJobAreNotToBegin() async throws {
        try await withStore { store, _ in
            let jobs = try await [store.submitted(1), store.submitted(1)]
            try await store.pause(jobs[0])
            let standings = try await store.describe(jobs.map { shard($0, 0) })
            #expect(standings[shard(jobs[0], 0)] == .paused)
            #expect(standings[shard(jobs[1], 0)] != .paused)
            #expect(
                try await store.states(of: Set(jobs + [JobID(rawValue: 99)]))
                    == [jobs[0]: .paused, jobs[1]: .running])
            #expect(try await store.states(of: []).isEmpty)
        }
    }

    @Test func theTenthLostLeaseMakesAShardDead() async throws {
        try await withStore { store, _ in
            let job = try await store.submitted(2)
            let all = [shard(job, 0), shard(job, 1)]
            for attempt in 2...10 {
                // Named twice in one call, a lease still ended once.
                try await store.recordReclaims([all[0], all[0]])
                guard case .waiting(let description)? = try await store.describe(all)[all[0]] else {
                    Issue.record("dead after \(attempt - 1) lost leases")
                    return
                }
                #expect(description.attempt == attempt && description.deaths == attempt - 1)
            }
            try await store.recordReclaims(all)
            #expect(try await store.describe(all)[all[0]] == .dead)
            let dead = try await store.deadShards(of: job)
            #expect(dead.map(\.shard) == [all[0]] && dead.first?.deaths == 10 && dead.first?.source == "/data/a.jsonl")
            #expect(try await store.job(job).dead == 1)
        }
    }

    @Test func theFifthErrorMakesAShardDeadAndEarlierOnesAreDueAgain() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(1)
            for error in 1...5 {
                let isDead = try await store.recordFailure(shard(job, 0), reason: "error \(error)", isPermanent: false)
                #expect(isDead == (error == 5))
                try await execute(url, "UPDATE gw.trouble SET retry_at = now() WHERE retry_at IS NOT NULL")
                #expect(try await store.dueRetries(in: .live, limit: 10).isEmpty)
                #expect(try await store.dueRetries(in: .bulk, limit: 10) == (isDead ? [] : [shard(job, 0)]))
                #expect(try await store.dueRetries(in: .bulk, limit: 10).isEmpty)
            }
            #expect(try await store.deadShards(of: job).map(\.reason) == ["error 5"])
        }
    }

    @Test func troublesOfMergedOrUnknownShardsAreNotKept() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(1)
            _ = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [])])
            try await store.recordReclaims([shard(job, 0), shard(job, 7)])
            #expect(try await store.recordFailure(shard(job, 0), reason: "late", isPermanent: true) == false)
            #expect(try await store.recordFailure(shard(job, 7), reason: "unknown", isPermanent: true) == false)
            #expect(try await psql(url, "SELECT count(*) FROM gw.trouble") == ["0"])
        }
    }

    @Test func aMissingPayloadOrJobIsNamed() async throws {
        try await withStore { store, _ in
            let job = JobID(rawValue: 12)
            await #expect(throws: StoreError.unknownPayload(name: "p", job: job)) {
                try await store.payload(named: "p", of: job)
            }
            await #expect(throws: StoreError.unknownJob(job)) { try await store.specification(of: job) }
            await #expect(throws: StoreError.unknownJob(job)) { try await store.job(job) }
            await #expect(throws: StoreError.unknownJob(job)) { try await store.cancel(job) }
            await #expect(throws: StoreError.unknownJob(job)) { try await store.forget(job) }
        }
    }
}
