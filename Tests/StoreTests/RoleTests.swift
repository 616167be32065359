import Domain
import Harness
import Postgres
import Store
import Testing
import Trends

@Suite struct RoleTests {
    @Test func theReaderSeesTheViewsAndNothingElse() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(1)
            var partial = Partial()
            partial.add(3, at: monday)
            _ = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [partial])])
            let reader = "groundswell_reader"
            let views = try await psql(url, "SELECT viewname FROM pg_views WHERE schemaname = 'trends'")
            for view in views { _ = try await psql(url, "SELECT * FROM trends.\(view)", role: reader) }
            let authors = try await psql(
                url, "SELECT #hll_union_agg(authors) AS authors FROM trends.by_hour", role: reader)
            #expect(authors == ["3"])
            for refused in [
                "SELECT * FROM gw.job", "SELECT * FROM gw.describe('{}', '{}')", "SELECT gw.payload(1, '')",
            ] {
                let error = await #expect(throws: PostgresError.self) { try await psql(url, refused, role: reader) }
                #expect(error?.sqlState == "42501", "\(refused)")
            }
            let version = try await psql(url, "SELECT version FROM trends.version", role: reader)
            #expect(version.count == 1)
        }
    }

    @Test func theWorkerRoleNeedsNoTable() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(2, .sample(payloads: ["stdin": [1, 2]]))
            let worker = try await login(url, "groundswell_worker")
            try await worker.checkVersion()
            #expect(try await worker.describe([shard(job, 0)]).count == 1)
            #expect(try await worker.payload(named: "stdin", of: job) == [1, 2])
            #expect(try await worker.specification(of: job).monitorYAML == "name: cities\n")
            #expect(try await worker.states(of: [job]) == [job: .running])
            try await worker.recordReclaims([shard(job, 0)])
            try await worker.recordFailure(shard(job, 1), reason: "broken", isPermanent: true)
            let error = await #expect(throws: PostgresError.self) { _ = try await worker.jobs() }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test func theWriterRoleDoesAllThatCoordinatorAndReducerDoAndChangesNoTable() async throws {
        try await withStore { _, url in
            let store = try await login(url, "groundswell_writer")
            try await store.checkVersion()
            let job = try await store.submitted(2, .sample(key: "k", payloads: ["stdin": [1]]))
            #expect(try await store.raiseGeneration(of: .bulk, from: 0) == 1)
            // Longer than this machine may be busy.
            let lead = try await store.tryLead(silence: .seconds(60))
            #expect(try await lead?.isHeld() == true)
            var random = Seeded(state: 1)
            let partial = randomPartial(&random)
            _ = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [partial])])
            try await store.recordFailure(shard(job, 1), reason: "broken", isPermanent: true)
            #expect(try await store.completeFinishedJobs() == [job])
            #expect(try await store.retryDeadShards(of: job) == 1)
            #expect(try await store.dueRetries(in: .bulk, limit: 10) == [shard(job, 1)])
            #expect(try await store.trendRows(TrendQuery()).isEmpty == false)
            try await store.cancel(job)
            try await store.forget(job)
            for refused in [
                "DROP TABLE gw.example", "UPDATE gw.schema_version SET version = 0", "CREATE TABLE gw.x ()",
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await execute(url, "SET ROLE groundswell_writer; \(refused)")
                }
                #expect(error?.sqlState == "42501", "\(refused)")
            }
            await lead?.resign()
        }
    }

    @Test func theDelivererRoleTakesMessagesAndReadsNothingElse() async throws {
        try await withStore { _, url in
            try await execute(
                url,
                """
                INSERT INTO gw.outbox (channel, anomaly_id, revision, event, body)
                    SELECT 'ops', 1, n, 'revised', '{}' FROM generate_series(1, 2) n
                """)
            let deliverer = try await login(url, "groundswell_deliverer")
            try await deliverer.checkVersion()
            let message = try #require(try await deliverer.claimMessages(of: "ops", most: 5, lease: .seconds(9)).first)
            #expect(message.key == "1-1-revised" && message.attempt == 1)
            try await deliverer.noteFailure(of: message, reason: "down", pause: .seconds(60))
            try await deliverer.noteDelivered(message)
            #expect(try await deliverer.waitingMessages().map(\.count) == [1])
            #expect(try await deliverer.forgetMessages(olderThanDays: 1) == 0)
            for refused in [
                "SELECT * FROM gw.outbox", "DELETE FROM gw.outbox", "SELECT * FROM trends.deliveries",
                "SELECT gw.payload(1, '')",
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await execute(url, "SET ROLE groundswell_deliverer; \(refused)")
                }
                #expect(error?.sqlState == "42501", "\(refused)")
            }
        }
    }

    /// A store whose session acts as a role.
    private func login(_ url: String, _ role: String) async throws -> Store {
        makeStore(url + (url.contains("?") ? "&" : "?") + "options=-c%20role%3D\(role)")
    }
}
