import Domain
import Store
import Testing
import Trends

@Suite struct LiveBatchTests {
    private static let start = Timestamp(seconds: 1_790_000_000)

    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: start.seconds + seconds) }

    private static func batch(_ text: String, at seconds: Int64 = 0, keys: [LiveBatch.Key] = []) -> LiveBatch {
        LiveBatch(
            payload: Array(text.utf8), length: Int64(text.utf8.count), latest: at(seconds - 1), receivedAt: at(seconds),
            keys: keys)
    }

    /// A live job with one open source.
    private func withLive(_ body: (Store, String, LiveSource) async throws -> Void) async throws {
        try await withStore { store, url in
            let job = try await store.openLive(.live)
            let source = try await store.openSource(named: "in", identity: "1", format: .jsonLines, of: job)
            try await body(store, url, source)
        }
    }

    private func merge(_ shards: [ShardID], _ store: Store) async throws {
        _ = try await store.merge(shards.map { MergeItem(shard: $0, attempt: 1, parts: [Partial()]) })
    }

    @Test func allWhoOpenAMonitorsLiveJobGetTheSameOne() async throws {
        try await withStore { store, url in
            let jobs = try await withThrowingTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask { try await makeStore(url).openLive(.live) }
                }
                return try await group.reduce(into: Set<JobID>()) { $0.insert($1) }
            }
            #expect(jobs.count == 1)
            var other = JobSubmission.live
            other.monitorVersion = "v2"
            #expect(try await !jobs.contains(store.openLive(other)), "another version counts for itself")
        }
    }

    @Test func anAcceptedBatchIsAShardThatAWorkerCanRead() async throws {
        try await withLive { store, _, source in
            let outcome = try await store.accept(Self.batch("some posts"), from: source)
            let shard = shard(source.job, 0)
            #expect(outcome == .accepted(shard))
            guard case .waiting(let found)? = try await store.describe([shard])[shard] else {
                Issue.record("the shard does not wait")
                return
            }
            #expect(found.receivedAt == Self.at(0) && found.offset == 0 && found.length == 10)
            #expect(found.source.compression == .zstd)
            #expect(try await store.payload(named: found.source.name, of: source.job) == Array("some posts".utf8))
            #expect(try await store.runnableJobs(in: .live).map(\.shards) == [1])
        }
    }

    @Test func aBatchWrittenAgainSinceNobodyKnewCountsOnce() async throws {
        try await withLive { store, _, source in
            let batch = Self.batch("first")
            #expect(try await store.accept(batch, from: source) == .accepted(shard(source.job, 0)))
            // The answer was lost: the writer stands where it stood.
            #expect(try await store.accept(batch, from: source) == .accepted(shard(source.job, 0)))
            #expect(try await store.job(source.job).shards == 1)
            var next = source
            next.position = 5
            #expect(try await store.accept(Self.batch("second"), from: next) == .accepted(shard(source.job, 1)))
            let reopened = try await store.openSource(named: "in", identity: "1", format: .jsonLines, of: source.job)
            #expect(reopened.id == source.id && reopened.position == 11)
            await #expect(throws: StoreError.sourceMoved(source.job)) {
                try await store.accept(Self.batch("of another writer"), from: source)
            }
        }
    }

    @Test func aKeyIsKnownAfterItsBatchAndNothingElseIsWritten() async throws {
        try await withLive { store, _, source in
            let first = LiveBatch.Key(name: "a", digest: [1], posts: 3)
            let second = LiveBatch.Key(name: "b", digest: [2], posts: 4)
            _ = try await store.accept(Self.batch("1", keys: [first]), from: source)
            var next = source
            next.position = 1
            let outcome = try await store.accept(Self.batch("22", keys: [first, second]), from: next)
            #expect(outcome == .known([LiveReceipt(key: first, shard: shard(source.job, 0))]))
            #expect(
                try await store.accept(Self.batch("2", keys: [second]), from: next) == .accepted(shard(source.job, 1)))
        }
    }

    @Test func aPayloadIsGoneOnceItsShardIsMerged() async throws {
        try await withLive { store, url, source in
            _ = try await store.accept(Self.batch("posts"), from: source)
            #expect(try await store.backlog(of: source.job) == 1)
            try await merge([shard(source.job, 0)], store)
            #expect(try await store.backlog(of: source.job) == 0)
            #expect(try await psql(url, "SELECT count(*) FROM gw.payload") == ["0"])
        }
    }

    @Test func aLiveJobEndsOnlyWhenItIsClosedAndMerged() async throws {
        try await withLive { store, _, source in
            _ = try await store.accept(Self.batch("posts"), from: source)
            try await store.advance(source.job, to: 1)
            try await merge([shard(source.job, 0)], store)
            #expect(try await store.completeFinishedJobs() == [])
            try await store.closeLive(source.job)
            var next = source
            next.position = 5
            await #expect(throws: StoreError.notLive(source.job)) {
                try await store.accept(Self.batch("late"), from: next)
            }
            #expect(try await store.completeFinishedJobs() == [source.job])
            #expect(try await store.openLive(.live) != source.job, "what comes later begins another job")
        }
    }

    @Test func aCancelledLiveJobTakesNoPosts() async throws {
        try await withLive { store, _, source in
            try await store.cancel(source.job)
            await #expect(throws: StoreError.notLive(source.job)) {
                try await store.accept(Self.batch("posts"), from: source)
            }
        }
    }

    @Test func theWatermarkWaitsForWhatIsNotMergedAndNeverGoesBack() async throws {
        try await withLive { store, url, source in
            var patience = LivePatience()
            patience.lateness = .seconds(30)
            // Told by the server's clock, from which these posts are years away: all sources always live.
            patience.silence = .seconds(1_000_000_000)
            func settled() async throws -> Timestamp? {
                try await store.settleArriving(patience: patience)
                return try await store.liveJobs(patience: patience).first?.watermark.time
            }
            var source = source
            for seconds in [Int64(100), 200, 300] {
                _ = try await store.accept(Self.batch("posts", at: seconds), from: source)
                source.position += 5
            }
            try await store.advance(source.job, to: 3)
            #expect(try await settled() == nil)
            try await merge([shard(source.job, 0), shard(source.job, 2)], store)
            #expect(try await settled() == Self.at(99 - 30), "the second batch is missing")
            try await merge([shard(source.job, 1)], store)
            #expect(try await settled() == Self.at(299 - 30))
            // Older posts come by another stream: late, but nothing is opened again.
            let other = try await store.openSource(named: "in", identity: "2", format: .jsonLines, of: source.job)
            _ = try await store.accept(Self.batch("posts", at: 50), from: other)
            try await store.advance(source.job, to: 4)
            try await merge([shard(source.job, 3)], store)
            #expect(try await settled() == Self.at(299 - 30))
            #expect(try await psql(url, "SELECT count(*) FROM gw.job WHERE settled_below = 4") == ["1"])
        }
    }

    @Test func whenNobodySendsTimeGoesOnByTheClock() async throws {
        try await withLive { store, _, source in
            _ = try await store.accept(Self.batch("posts"), from: source)
            try await store.advance(source.job, to: 1)
            try await merge([shard(source.job, 0)], store)
            try await store.settleArriving()
            let live = try #require(try await store.liveJobs().first)
            let time = try #require(live.watermark.time)
            #expect(
                time > Self.at(0) || time == Self.at(-31), "a clock before these posts leaves the watermark with them")
        }
    }
}

extension JobSubmission {
    /// A live job's submission.
    static let live = JobSubmission(
        monitor: "cities", monitorYAML: "name: cities\n", monitorVersion: "v1", modelVersion: "m1",
        brands: [("Aurora", "Aurora")], lane: .live, sources: [])
}
