import Foundation
import Harness
import Postgres
import Synchronization
import Testing

@Suite struct PostgresConnectionTests {
    @Test func valuesOfEveryTypeComeBackAsTheyWent() async throws {
        try await withPostgres { url in
            let connection = PostgresConnection(PostgresSettings(url: url))
            try await connection.use { session in
                let rows = try session.query(
                    "SELECT $1, $2, $3, $4, $5, $6, $7, 1.5::float8, $8, '2024-02-29 12:00:00.25Z'::timestamptz = $7",
                    .bool(true), .int2(-3), .int4(70_000), .int8(Int64.min), .text("grüße 'n' \"more\""),
                    .bytea([0, 255, 7]), .timestamp(microseconds: 1_709_208_000_250_000), .text(nil))
                let row = try #require(rows.first)
                #expect(row.bool(0))
                #expect(row.int(1) == -3 && row.int(2) == 70_000 && row.int(3) == Int64.min)
                #expect(row.text(4) == "grüße 'n' \"more\"")
                #expect(row.bytes(5) == [0, 255, 7])
                #expect(row.microseconds(6) == 1_709_208_000_250_000)
                #expect(row.double(7) == 1.5)
                #expect(row.isNull(8) && row.optionalText(8) == nil)
                #expect(row.bool(9))
            }
        }
    }

    @Test func arraysOfEveryTypeComeApartInUnnest() async throws {
        try await withPostgres { url in
            let connection = PostgresConnection(PostgresSettings(url: url))
            try await connection.use { session in
                let rows = try session.query(
                    "SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)", .int2s([1, -1]), .int4s([2, -2]),
                    .int8s([3, -3]), .texts(["a", ""]), .byteas([[0], []]), .timestamps(microseconds: [0, -1]),
                    .optionalTexts([nil, "b"]))
                #expect(rows.map { $0.int(0) } == [1, -1] && rows.map { $0.int(1) } == [2, -2])
                #expect(rows.map { $0.int(2) } == [3, -3] && rows.map { $0.text(3) } == ["a", ""])
                #expect(rows.map { $0.bytes(4) } == [[0], []] && rows.map { $0.microseconds(5) } == [0, -1])
                #expect(rows.map { $0.optionalText(6) } == [nil, "b"])
                #expect(try session.query("SELECT * FROM unnest($1)", .int8s([])).isEmpty)
                #expect(try session.query("SELECT $1", .texts(["x", "", "ü"])).first?.texts(0) == ["x", "", "ü"])
                #expect(try session.query("SELECT $1", .texts([])).first?.texts(0) == [])
            }
        }
    }

    @Test func aNullCharacterInTextIsReplacedSinceTheServerCannotKeepIt() async throws {
        try await withPostgres { url in
            let connection = PostgresConnection(PostgresSettings(url: url))
            try await connection.use { session in
                let rows = try session.query("SELECT $1, $2", .text("a\0b"), .texts(["\0"]))
                #expect(rows.first?.text(0) == "a\u{FFFD}b")
                #expect(rows.first?.texts(1) == ["\u{FFFD}"])
            }
        }
    }

    @Test func copyWritesManyRowsAndStreamingReadsThemOneByOne() async throws {
        try await withPostgres { url in
            let connection = PostgresConnection(PostgresSettings(url: url))
            try await connection.use { session in
                try session.run(script: "CREATE TABLE t (n bigint, s text, b bytea, a text[], i int, z smallint)")
                try session.copy(into: "t", columns: ["n", "s", "b", "a", "i", "z"]) { copy in
                    for number in 0..<20_000 {
                        try copy.row()
                        copy.int8(Int64(number))
                        if number % 2 == 0 { copy.text("row \(number)") } else { copy.null() }
                        copy.bytea([UInt8(truncatingIfNeeded: number)])
                        copy.texts(["a", "b"])
                        copy.int4(1)
                        copy.int2(2)
                    }
                }
                var sum: Int64 = 0
                var texts = 0
                try session.stream("SELECT n, s, a FROM t WHERE n >= $1", .int8(10)) { row in
                    sum += row.int(0)
                    texts += row.isNull(1) ? 0 : 1
                    precondition(row.texts(2).count == 2)
                }
                #expect(sum == 19_999 * 20_000 / 2 - 45 && texts == 9995)
            }
        }
    }

    private struct Enough: Error {}

    @Test func aStreamOrCopyThatIsGivenUpLeavesTheConnectionUsable() async throws {
        try await withPostgres { url in
            let connection = PostgresConnection(PostgresSettings(url: url))
            try await connection.use { session in
                var seen = 0
                #expect(throws: Enough.self) {
                    try session.stream("SELECT g FROM generate_series(1, 1000000) g") { _ in
                        seen += 1
                        if seen == 5 { throw Enough() }
                    }
                }
                #expect(seen == 5)
                try session.run(script: "CREATE TABLE t (n bigint)")
                #expect(throws: Enough.self) {
                    try session.copy(into: "t", columns: ["n"]) { copy in
                        try copy.row()
                        copy.int8(1)
                        throw Enough()
                    }
                }
                #expect(try session.query("SELECT count(*) FROM t").first?.int(0) == 0)
            }
        }
    }

    @Test func aFailedTransactionLeavesNothingAndTheNextOneWorks() async throws {
        try await withPostgres { url in
            let connection = PostgresConnection(PostgresSettings(url: url))
            try await connection.use { session in
                try session.run(script: "CREATE TABLE t (n int PRIMARY KEY)")
                let error = #expect(throws: PostgresError.self) {
                    try session.transaction {
                        try session.query("INSERT INTO t VALUES (1)")
                        try session.query("INSERT INTO t VALUES (1)")
                    }
                }
                #expect(error?.sqlState == "23505")
                #expect(error.map { "\($0)" }?.contains("duplicate key") == true)
                try session.transaction { _ = try session.query("INSERT INTO t VALUES (2)") }
                #expect(try session.query("SELECT n FROM t").map { $0.int(0) } == [2])
                #expect(throws: PostgresError.misuse("a transaction inside a transaction")) {
                    try session.transaction { try session.transaction {} }
                }
            }
        }
    }

    @Test func transactionsThatDeadlockAreRunAgain() async throws {
        try await withPostgres { url in
            let first = PostgresConnection(PostgresSettings(url: url))
            try await first.use { session in
                try session.run(
                    script: "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0), (2, 0)")
            }
            let second = PostgresConnection(PostgresSettings(url: url))
            async let forward = add(first, [1, 2])
            async let backward = add(second, [2, 1])
            let tries = try await forward + backward
            let sum = try await first.use { try $0.query("SELECT sum(n) FROM t").first?.int(0) }
            #expect(sum == 4)
            #expect(tries == 3)
        }
    }

    @Test func aTransactionThatGoesSilentLosesItsLocks() async throws {
        try await withPostgres { url in
            var settings = PostgresSettings(url: url)
            settings.onConnect = "SET idle_in_transaction_session_timeout = '1s'"
            let silent = PostgresConnection(settings)
            let other = PostgresConnection(PostgresSettings(url: url))
            try await other.use { try $0.run(script: "CREATE TABLE t (n int); INSERT INTO t VALUES (0)") }
            async let isRefused = silent.use { session in
                do {
                    try session.transaction {
                        try session.query("UPDATE t SET n = n + 10")
                        // As a process that was stopped would: no statement for longer than allowed.
                        Thread.sleep(forTimeInterval: 3)
                        try session.query("UPDATE t SET n = n + 10")
                    }
                    return false
                } catch let error as PostgresError {
                    return error.isTransient
                }
            }
            try await Task.sleep(for: .milliseconds(500))
            let started = ContinuousClock.now
            try await other.use { _ = try $0.query("UPDATE t SET n = n + 1") }
            #expect(ContinuousClock.now - started < .seconds(30))
            #expect(try await isRefused)
            let number = try await other.use { try $0.query("SELECT n FROM t").first?.int(0) }
            #expect(number == 1)
            let usual = try await other.use { try $0.query("SHOW idle_in_transaction_session_timeout").first?.text(0) }
            #expect(usual == "10s")
        }
    }

    /// Adds one to rows in an order of its own; returns how often it had to try.
    private func add(_ connection: PostgresConnection, _ ids: [Int]) async throws -> Int {
        try await connection.use { session in
            var tries = 0
            try session.query("SET deadlock_timeout = '20ms'")
            try session.transaction {
                tries += 1
                for id in ids {
                    try session.query("UPDATE t SET n = n + 1 WHERE id = \(id)")
                    try session.query("SELECT pg_sleep(0.2)")
                }
            }
            return tries
        }
    }

    @Test func cancellingTheTaskInterruptsTheStatement() async throws {
        try await withPostgres { url in
            let connection = PostgresConnection(PostgresSettings(url: url))
            try await connection.use { _ = try $0.query("SELECT 1") }
            let started = ContinuousClock.now
            let task = Task { try await connection.use { _ = try $0.query("SELECT pg_sleep(60)") } }
            try await Task.sleep(for: .milliseconds(200))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - started < .seconds(50))
            let one = try await connection.use { try $0.query("SELECT 1").first?.int(0) }
            #expect(one == 1)
        }
    }

    @Test func aStatementEndsAtItsTimeLimit() async throws {
        try await withPostgres { url in
            var settings = PostgresSettings(url: url)
            settings.statementTimeoutSeconds = 1
            let connection = PostgresConnection(settings)
            let error = await #expect(throws: PostgresError.self) {
                try await connection.use { _ = try $0.query("SELECT pg_sleep(30)") }
            }
            #expect(error?.sqlState == "57014")
        }
    }

    @Test func noticesAreHandedOn() async throws {
        try await withPostgres { url in
            let notices = Mutex<[PostgresNotice]>([])
            let take: @Sendable (PostgresNotice) -> Void = { notice in notices.withLock { $0.append(notice) } }
            var settings = PostgresSettings(url: url)
            settings.onNotice = take
            let connection = PostgresConnection(settings)
            try await connection.use { try $0.run(script: "DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$") }
            #expect(notices.withLock { $0 } == [PostgresNotice(severity: "WARNING", message: "mind the gap")])
        }
    }

    @Test func aConnectionThatTheServerEndedIsReplacedAndSessionStateKnowsIt() async throws {
        try await withPostgres { url in
            let connection = PostgresConnection(PostgresSettings(url: url))
            let (pid, epoch) = try await connection.use { session in
                (try session.query("SELECT pg_backend_pid()").first?.int32(0) ?? 0, session.epoch)
            }
            let other = PostgresConnection(PostgresSettings(url: url))
            try await other.use { _ = try $0.query("SELECT pg_terminate_backend($1)", .int4(pid)) }
            try await Task.sleep(for: .milliseconds(100))
            let next = try await connection.use { session in
                try session.query("SELECT 1")
                return session.epoch
            }
            #expect(next == epoch + 1)
        }
    }

    @Test func aConnectionThatBreaksWithinATransactionIsReportedAndNotPapered() async throws {
        try await withPostgres { url in
            let connection = PostgresConnection(PostgresSettings(url: url))
            let other = PostgresConnection(PostgresSettings(url: url))
            try await other.use { try $0.run(script: "CREATE TABLE t (n int)") }
            await #expect(throws: PostgresError.self) {
                try await connection.use { session in
                    try session.transaction {
                        try session.query("INSERT INTO t VALUES (1)")
                        _ = try? session.query("SELECT pg_terminate_backend(pg_backend_pid())")
                        try session.query("INSERT INTO t VALUES (2)")
                    }
                }
            }
            let count = try await connection.use { try $0.query("SELECT count(*) FROM t").first?.int(0) }
            #expect(count == 0)
        }
    }
}
