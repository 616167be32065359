import Domain
import Store
import Testing

@Suite struct SubmitTests {
    @Test func aSubmittedJobIsThereWithAllItsShards() async throws {
        try await withStore { store, url in
            let slices = (0..<2500).map { ShardSlice(source: $0 % 2, offset: Int64($0), length: 7) }
            let outcome = try await store.submit(.sample(payloads: ["stdin": [1, 2, 3]]), shards: slices)
            #expect(outcome.isNew && outcome.shards == 2500)
            let status = try await store.job(outcome.job)
            #expect(status.shards == 2500 && status.sent == 0 && status.merged == 0 && status.state == .running)
            #expect(status.monitor == "cities" && status.lane == .bulk && status.finishedAt == nil)
            #expect(status.firstMerge == nil && status.recentShardsPerSecond == 0)
            #expect(
                try await psql(url, "SELECT count(*), max(idx), sum(byte_offset) FROM gw.shard") == [
                    "2500|2499|3123750"
                ])
            #expect(try await store.payload(named: "stdin", of: outcome.job) == [1, 2, 3])
            #expect(try await store.jobs().map(\.job) == [outcome.job])
        }
    }

    @Test func theSameKeyReturnsTheSameJob() async throws {
        try await withStore { store, _ in
            let slices = [ShardSlice(source: 0, offset: 0, length: 7)]
            let first = try await store.submit(.sample(key: "nightly"), shards: slices)
            let second = try await store.submit(.sample(key: "nightly"), shards: [])
            #expect(first.isNew && !second.isNew)
            #expect(first.job == second.job && second.shards == 1)
            let other = try await store.submit(.sample(), shards: slices)
            #expect(other.isNew && other.job != first.job)
        }
    }

    @Test func manySubmitsOfOneKeyAtOnceMakeOneJob() async throws {
        try await withStore { _, url in
            let outcomes = try await withThrowingTaskGroup(of: SubmitOutcome.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await makeStore(url).submit(
                            .sample(key: "k"), shards: [ShardSlice(source: 0, offset: 0, length: 1)])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(outcomes.map(\.job)).count == 1)
            #expect(outcomes.filter(\.isNew).count == 1 && outcomes.allSatisfy { $0.shards == 1 })
        }
    }

    @Test func namesWithQuotesAndNullCharactersAreJustNames() async throws {
        try await withStore { store, url in
            let name = "Robert'); DROP TABLE gw.job; --\"\\ \u{1F600}"
            let job = try await store.submitted(1, .sample(key: name, monitor: name, brands: [name, "a\0b"]))
            #expect(try await store.job(job).monitor == name)
            #expect(try await store.submit(.sample(key: name), shards: []).job == job)
            #expect(try await psql(url, "SELECT name FROM gw.brand ORDER BY brand") == [name, "a\u{FFFD}b"])
        }
    }

    @Test func aJobWithoutShardsIsCompleteAtOnce() async throws {
        try await withStore { store, _ in
            let job = try await store.submitted(0)
            #expect(try await store.completeFinishedJobs() == [job])
            #expect(try await store.job(job).state == .completed)
        }
    }
}
