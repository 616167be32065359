import Domain
import Harness
import Sketches
import Store
import Testing
import Trends

@Suite struct MergeTests {
    @Test func aResultThatComesTwiceCountsOnce() async throws {
        try await withStore { store, _ in
            let job = try await store.submitted(2)
            var random = Seeded(state: 1)
            let items = (0..<2).map {
                MergeItem(
                    shard: shard(job, $0), attempt: 1, digest: [7],
                    parts: [randomPartial(&random), randomPartial(&random)])
            }
            #expect(try await store.merge(items).merged == items.map(\.shard))
            let digest = try await store.digest(of: job)
            #expect(digest == expected(items))
            let again = try await store.merge(items + [items[1]])
            #expect(again.merged.isEmpty && again.duplicates == [items[0].shard, items[1].shard, items[1].shard])
            #expect(try await store.digest(of: job) == digest)
            let status = try await store.job(job)
            #expect(status.merged == 2 && status.totals.quarantined == 4)
            #expect(status.totals.records == items.flatMap(\.parts).reduce(0) { $0 + $1.totals.records })
            #expect(status.firstMerge != nil && status.recentRecordsPerSecond > 0)
        }
    }

    @Test func oneCallMayHoldAShardTwice() async throws {
        try await withStore { store, _ in
            let job = try await store.submitted(1)
            var partial = Partial()
            partial.add(5, at: monday)
            let item = MergeItem(shard: shard(job, 0), attempt: 1, parts: [partial])
            let outcome = try await store.merge([item, item])
            #expect(outcome.merged == [item.shard] && outcome.duplicates == [item.shard])
            #expect(try await store.trendRows(TrendQuery()).map(\.posts) == [5])
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func theOrderAndGroupingOfMergesNeverMatter(seed: UInt64) async throws {
        try await withStore { store, _ in
            var random = Seeded(state: seed)
            let partials = (0..<12).map { _ in randomPartial(&random, rows: 12) }
            var digests: [RollupDigest] = []
            for _ in 0..<2 {
                let job = try await store.submitted(partials.count)
                var items = partials.enumerated().map {
                    MergeItem(shard: shard(job, $0.offset), attempt: 1, parts: [$0.element])
                }
                let whole = expected(items)
                items.shuffle(using: &random)
                while !items.isEmpty {
                    let count = Int.random(in: 1...min(5, items.count), using: &random)
                    _ = try await store.merge(Array(items.prefix(count)))
                    items.removeFirst(count)
                }
                #expect(try await store.digest(of: job) == whole, "seed \(seed)")
                _ = try await store.completeFinishedJobs()
                digests.append(try await store.digest(of: job))
                #expect(digests.last == whole, "seed \(seed), after pruning")
            }
            #expect(digests[0] == digests[1], "seed \(seed)")
        }
    }

    @Test func fourReducersWithTheSameResultsMergeEachOnce() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(24)
            var random = Seeded(state: 5)
            let items = (0..<24).map {
                MergeItem(shard: shard(job, $0), attempt: 1, parts: [randomPartial(&random, rows: 10)])
            }
            let merged = try await withThrowingTaskGroup(of: [ShardID].self) { group in
                for reducer in 0..<4 {
                    group.addTask {
                        let store = makeStore(url)
                        var random = Seeded(state: UInt64(reducer))
                        var merged: [ShardID] = []
                        let mine = items.shuffled(using: &random)
                        for start in stride(from: 0, to: mine.count, by: 4) {
                            merged += try await store.merge(Array(mine[start..<start + 4])).merged
                        }
                        return merged
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(merged.sorted() == items.map(\.shard))
            #expect(try await store.digest(of: job) == expected(items))
            #expect(try await store.job(job).merged == 24)
        }
    }

    @Test func reducersThatMeetInTheSameRowsNeverWaitForEachOther() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(40)
            var random = Seeded(state: 9)
            let items = (0..<40).map { index in
                var own = randomPartial(&random, rows: 6)
                own.examples = [:]  // Two merges of one post's example do wait for each other.
                return MergeItem(shard: shard(job, index), attempt: 1, parts: [own])
            }
            // Each of four merges holds its rows until all have written theirs: had one to wait, none would go on.
            let meeting = Meeting(of: 4)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for reducer in 0..<4 {
                    group.addTask {
                        var mine = items.filter { Int($0.shard.index) % 4 == reducer }
                        for index in mine.indices { mine[index].parts.append(sameRows) }
                        let outcome = try await makeStore(url).merge(mine) { step in
                            if step == .rowsWritten { meeting.arrive() }
                        }
                        #expect(outcome.merged.count == 10)
                    }
                }
                try await group.waitForAll()
            }
            #expect(meeting.isComplete)
            let all = items.flatMap(\.parts) + items.map { _ in sameRows }
            #expect(try await store.digest(of: job) == expected(all))
            let slots = try await psql(
                url, "SELECT slot, count(*) > 0 FROM gw.rollup WHERE grain = 2 GROUP BY 1 ORDER BY 1")
            #expect(slots == ["0|true", "1|true", "2|true", "3|true"])
            #expect(
                try await psql(url, "SELECT slot, merged FROM gw.progress ORDER BY 1") == [
                    "0|10", "1|10", "2|10", "3|10",
                ])
            #expect(
                try await psql(url, "SELECT posts FROM trends.by_day WHERE brand = 'Aurora' AND platform = 'reddit'")
                    == ["280"])
        }
    }

    @Test func aLoneReducerWritesNoRowTwice() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(3)
            for index in 0..<3 {
                _ = try await makeStore(url).merge([MergeItem(shard: shard(job, index), attempt: 1, parts: [sameRows])])
            }
            #expect(try await psql(url, "SELECT DISTINCT slot FROM gw.rollup") == ["0"])
            #expect(try await psql(url, "SELECT count(*) FROM gw.rollup") == ["3"])
        }
    }

    @Test func moreReducersThanSlotsShareThemWithoutDeadlock() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(60)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for reducer in 0..<20 {
                    group.addTask {
                        let items = (0..<3).map {
                            MergeItem(shard: shard(job, reducer * 3 + $0), attempt: 1, parts: [sameRows])
                        }
                        let store = makeStore(url)
                        for item in items {
                            let outcome = try await store.merge([item])
                            #expect(outcome.merged == [item.shard])
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.digest(of: job) == expected(Array(repeating: sameRows, count: 60)))
        }
    }

    /// What every shard of some tests holds besides its own.
    private var sameRows: Partial {
        var partial = Partial()
        partial.add(7, at: monday, platform: .reddit, negative: 2, authors: 0..<7)
        partial.add(term: "same", 7, at: monday)
        return partial
    }

    @Test func resultsOfCancelledAndForgottenJobsAreDropped() async throws {
        try await withStore { store, url in
            let cancelled = try await store.submitted(2)
            let forgotten = try await store.submitted(1)
            let kept = try await store.submitted(1)
            var partial = Partial()
            partial.add(5, at: monday)
            partial.add(term: "sun", 1, at: monday)
            partial.add(example: 1, at: monday)
            _ = try await store.merge([MergeItem(shard: shard(cancelled, 0), attempt: 1, parts: [partial])])
            _ = try await store.merge([MergeItem(shard: shard(forgotten, 0), attempt: 1, parts: [partial])])
            try await store.cancel(cancelled)
            try await store.forget(forgotten)
            let late = [shard(cancelled, 1), shard(forgotten, 0), shard(kept, 0)]
            let outcome = try await store.merge(late.map { MergeItem(shard: $0, attempt: 1, parts: [partial]) })
            #expect(outcome.merged == [late[2]] && outcome.dropped == [late[0], late[1]] && outcome.duplicates.isEmpty)
            for table in ["rollup", "term", "example", "ledger", "shard", "source", "brand", "progress"] {
                let jobs = try await psql(url, "SELECT DISTINCT job_id FROM gw.\(table) ORDER BY 1")
                #expect(jobs == ["\(cancelled)", "\(kept)"], "\(table)")
            }
        }
    }

    @Test func theSketchesOfSQLAreOursByteForByte() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(3)
            // Few authors are kept as a list, more as sparse and many as full registers: all three forms meet here.
            for (index, authors) in [0..<40, 20..<900, 500..<9000].enumerated() {
                var partial = Partial()
                partial.add(1, at: monday, authors: authors)
                _ = try await store.merge([MergeItem(shard: shard(job, index), attempt: 1, parts: [partial])])
                var ours = HyperLogLog()
                for author in 0..<authors.upperBound { ours.insert(hash: MurmurHash3.hash64("author \(author)")) }
                let hexadecimal = ours.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                let stored = try await psql(
                    url,
                    """
                    SELECT encode(hll_send(authors), 'hex'), encode(hll_send(s.expected), 'hex'),
                        #authors = \(ours.cardinality)
                    FROM gw.rollup, (SELECT hll_add_agg(hll_hash_text('author ' || g), 12, 5, -1, 1) AS expected
                        FROM generate_series(0, \(authors.upperBound - 1)) g) s
                    WHERE grain = 2
                    """)
                #expect(stored == ["\(hexadecimal)|\(hexadecimal)|true"])
            }
        }
    }

    @Test func hostileTextsAndNumbersStopNothing() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(3)
            var partial = Partial()
            partial.add(1, at: monday, language: "e\0n")
            partial.add(1, at: monday, language: "e\u{FFFD}n")
            partial.add(term: "nul\0", 1, at: monday)
            partial.add(term: "nul\u{FFFD}", 2, at: monday)
            partial.add(term: "'; DROP TABLE gw.job; --", 1, at: monday)
            partial.add(term: "caf\u{E9}", 1, at: monday)
            partial.add(term: "cafe\u{301}", 1, at: monday)
            partial.add(term: String(repeating: "\u{1F600}", count: 5000), 1, at: monday)
            partial.add(example: 1, at: monday, text: "a\0b", url: "http://\0")
            partial.quarantine = [QuarantinedRecord(offset: 1, reason: "bad\0byte", excerpt: [0xFF, 0x00, 0x41])]
            for key in partial.rollups.keys {
                partial.rollups[key]?.reach = .max
                partial.rollups[key]?.engagement = .max - 5
            }
            _ = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [partial])])
            _ = try await store.merge([MergeItem(shard: shard(job, 1), attempt: 1, parts: [partial])])
            let days = try await psql(url, "SELECT language, posts, reach, engagement FROM trends.by_day")
            #expect(days == ["e\u{FFFD}n|4|\(Int64.max)|\(Int64.max)"])
            let tags = try await psql(
                url,
                "SELECT hashtag, posts FROM trends.hashtags WHERE length(hashtag) < 100 ORDER BY hashtag COLLATE \"C\"")
            #expect(tags == ["'; DROP TABLE gw.job; --|2", "cafe\u{301}|2", "caf\u{E9}|2", "nul\u{FFFD}|6"])
            let bad = try await psql(url, "SELECT source, byte_offset, reason, excerpt FROM trends.quarantine LIMIT 1")
            #expect(bad == ["a.jsonl|1|bad\u{FFFD}byte|\\377\\000A"])
        }
    }

    @Test func windowsOfAnyTimeFindAPartition() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(2)
            // 1969, the last second of 1999, the first of 2000, a leap day, two ends of years, 2100, year 9999.
            let seconds: [Int64] = [
                -86_400, 946_684_799, 946_684_800, 1_709_164_800, 1_735_689_599, 1_735_689_600, 4_102_444_800,
                253_402_300_000,
            ]
            var partial = Partial()
            for second in seconds {
                partial.add(1, at: second)
                partial.add(term: "t", 1, at: second)
            }
            for index in 0..<2 {
                _ = try await makeStore(url).merge([MergeItem(shard: shard(job, index), attempt: 1, parts: [partial])])
            }
            #expect(try await store.digest(of: job) == expected([partial, partial]))
            let minutes = try await psql(
                url, "SELECT sum(posts), count(DISTINCT tableoid) FROM gw.rollup WHERE grain = 0")
            #expect(minutes == ["16|6"])
            let hours = try await psql(
                url,
                "SELECT right(relname, -12) FROM pg_class WHERE relname ~ '^rollup_hour_[^_]*$' AND relkind = 'r' ORDER BY 1"
            )
            #expect(hours == ["2000", "2024", "2025", "early", "late"])
        }
    }

    @Test func aPartitionDroppedBehindOurBackIsMadeAgain() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(2)
            var partial = Partial()
            partial.add(1, at: monday)
            _ = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [partial])])
            try await execute(url, "DROP TABLE gw.rollup_minute_2024_03")
            _ = try await store.merge([MergeItem(shard: shard(job, 1), attempt: 1, parts: [partial])])
            #expect(try await psql(url, "SELECT posts FROM trends.by_minute") == ["1"])
            #expect(try await psql(url, "SELECT posts FROM trends.by_day") == ["2"])
        }
    }

    private func expected(_ items: [MergeItem]) -> RollupDigest { expected(items.flatMap(\.parts)) }

    private func expected(_ parts: [Partial]) -> RollupDigest {
        var whole = Partial()
        for part in parts { whole.merge(part) }
        return RollupDigest(of: whole)
    }
}
