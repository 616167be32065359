import Domain
import Harness
import Postgres
import Testing
import Trends

@testable import Store

@Suite struct MigrationTests {
    @Test func migratingTwiceChangesNothingTheSecondTime() async throws {
        try await withPostgres { url in
            let store = makeStore(url)
            let first = try await store.migrate()
            #expect(first.from == 0 && first.to > 0)
            let tables = try await psql(
                url, "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'gw' ORDER BY 2")
            let second = try await store.migrate()
            #expect(second.from == first.to && second.to == first.to)
            let later = try await psql(
                url, "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'gw' ORDER BY 2")
            #expect(tables == later && tables.count > 10)
            try await store.checkVersion()
        }
    }

    @Test func severalMigrationsAtOnceTakeTurns() async throws {
        try await withPostgres { url in
            let reports = try await withThrowingTaskGroup(of: MigrationReport.self) { group in
                for _ in 0..<4 { group.addTask { try await makeStore(url).migrate() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(reports.filter { $0.from == 0 }.count == 1)
        }
    }

    @Test func databasesOfOneServerMayBeMigratedAtOnce() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { try await withPostgres { url in _ = try await makeStore(url).migrate() } }
            }
            try await group.waitForAll()
        }
    }

    @Test func anEmptyDatabaseSaysHowToGoOn() async throws {
        try await withPostgres { url in
            await #expect(throws: StoreError.noSchema) { try await makeStore(url).checkVersion() }
            #expect("\(StoreError.noSchema)".contains("groundswell migrate"))
        }
    }

    @Test func anotherVersionIsRefused() async throws {
        try await withStore { store, url in
            let needed = try await store.migrate().to
            try await execute(url, "DELETE FROM gw.schema_version WHERE version = \(needed)")
            await #expect(throws: StoreError.wrongSchema(found: needed - 1, needed: needed)) {
                try await store.checkVersion()
            }
            try await execute(url, "INSERT INTO gw.schema_version VALUES (99, 'from the future')")
            let newer = StoreError.wrongSchema(found: 99, needed: needed)
            await #expect(throws: newer) { try await store.checkVersion() }
            await #expect(throws: newer) { _ = try await store.migrate() }
            #expect("\(newer)".contains("newer groundswell"))
        }
    }

    @Test func whatWasCountedBeforeReducersHadSlotsStaysAndGrows() async throws {
        try await withPostgres { url in
            let store = makeStore(url)
            #expect(try await store.migrate(to: 4) == MigrationReport(from: 0, to: 4))
            try await execute(url, Self.countedAtVersion4)
            let views = ["by_minute", "by_hour", "by_day", "brand_day", "hashtags"]
            let before = try await Self.rows(of: views, url)
            #expect(before.allSatisfy { $0.count == 1 })

            #expect(try await store.migrate().from == 4)
            // Later versions add columns behind those that were there, 0 for what was counted before.
            for (row, old) in zip(try await Self.rows(of: views, url), before) {
                #expect(row.count == 1 && zip(row, old).allSatisfy { $0.hasPrefix($1) })
            }
            #expect(
                try await psql(url, "SELECT unsupported, read_deep, hateful_mass FROM trends.by_day") == [
                    "0|0|0.000000"
                ])
            var partial = Partial()
            partial.add(3, at: monday)
            partial.add(term: "sun", 2, at: monday)
            let results = [MergeItem(shard: shard(JobID(rawValue: 1), 1), attempt: 1, parts: [partial])]
            #expect(try await makeStore(url).merge(results).merged.count == 1)
            #expect(try await psql(url, "SELECT posts, distinct_authors FROM trends.by_minute") == ["8|3"])
            #expect(try await psql(url, "SELECT posts FROM trends.hashtags") == ["6"])
            // A lone reducer adds to the rows that are there.
            #expect(try await psql(url, "SELECT count(*) FROM gw.rollup") == ["3"])
        }
    }

    /// Five posts of a minute and a hashtag in four of them, as version 4 wrote them.
    private static let countedAtVersion4 = """
        INSERT INTO gw.job (monitor, monitor_yaml, monitor_version, model_version, lane, weight, shards, next_shard)
            VALUES ('cities', '', 'v1', '', 'bulk', 1, 2, 2);
        INSERT INTO gw.brand VALUES (1, 0, 'Aurora', 'Aurora');
        SELECT gw.ensure_partition(family, 'epoch'::timestamptz + \(monday) * interval '1 s')
            FROM unnest(ARRAY['rollup_minute', 'rollup_hour', 'term']) family;
        INSERT INTO gw.rollup SELECT 'epoch'::timestamptz + \(monday) * interval '1 s', 5, 0, 0, 0, 0, 0, 5, 0, 0, 0,
            5000000, 0, 15, 500, 5, 1, 0, 1, grain, 'en', hll_empty(12, 5, -1, 1) FROM generate_series(0, 2) grain;
        INSERT INTO gw.term VALUES ('epoch'::timestamptz + \(monday) * interval '1 s', 4, 1, 0, 1, 0, 'sun', 'en');
        INSERT INTO gw.ledger (job_id, idx, attempt) VALUES (1, 0, 1);
        INSERT INTO gw.progress (job_id, slot, merged, posts) VALUES (1, 5, 1, 5);
        """

    private static func rows(of views: [String], _ url: String) async throws -> [[String]] {
        var rows: [[String]] = []
        for view in views { rows.append(try await psql(url, "SELECT * FROM trends.\(view) ORDER BY 1, 2, 3, 4, 5")) }
        return rows
    }

    @Test func everyViewAndColumnOfTrendsHasAComment() async throws {
        try await withStore { _, url in
            let bare = try await psql(
                url,
                """
                SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum >= 0
                WHERE c.relnamespace = 'trends'::regnamespace
                    AND (obj_description(c.oid) IS NULL OR col_description(c.oid, a.attnum) IS NULL)
                """)
            #expect(bare.isEmpty)
            let views = try await psql(url, "SELECT viewname FROM pg_views WHERE schemaname = 'trends' ORDER BY 1")
            #expect(
                views == [
                    "anomalies", "brand_day", "brand_hour", "by_day", "by_hour", "by_minute", "corrected", "domains",
                    "emotions",
                    "examples", "handles", "hashtags", "jobs", "labels", "quarantine", "reasons",
                    "version",
                ])
        }
    }

    @Test func anExtensionInAnotherSchemaIsFound() async throws {
        try await withPostgres { url in
            try await execute(url, "CREATE SCHEMA \"other place\"; CREATE EXTENSION hll SCHEMA \"other place\"")
            let store = makeStore(url)
            _ = try await store.migrate()
            let job = try await store.submitted(1)
            var partial = Partial()
            partial.add(3, at: monday)
            for _ in 0..<2 {
                _ = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [partial])])
            }
            #expect(try await store.trendRows(TrendQuery()).first?.distinctAuthors == 3)
        }
    }
}

/// Runs statements as a superuser.
func execute(_ url: String, _ script: String) async throws {
    try await PostgresConnection(PostgresSettings(url: url)).use { try $0.run(script: script) }
}
