import Harness
import LocalServers
import Postgres
import Testing

@Suite struct PostgresErrorTests {
    @Test(arguments: [
        "postgres://me:hush%zz@host/db", "postgres://me:hush@[::1/db", "postgres://me:hush@host:5432/db?nonsense=hush",
        "host=here password='hush", "postgres://me:hush@host/db?sslmode", "user=me password=hush bogus=hush",
    ])
    func aBrokenURLIsRefusedWithoutItsPassword(url: String) async {
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection(PostgresSettings(url: url)).use { _ = try $0.query("SELECT 1") }
        }
        let text = error.map { "\($0)" } ?? "none"
        #expect(!text.contains("hush"), "\(text)")
        guard case .invalidURL? = error else {
            Issue.record("\(url) gave \(text)")
            return
        }
        #expect(error?.isTransient == false)
    }

    @Test func aServerThatIsAwayIsWorthWaitingFor() async {
        let url = "postgres://me:hush@127.0.0.1:1/db"
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection(PostgresSettings(url: url)).use { _ = try $0.query("SELECT 1") }
        }
        #expect(error?.isTransient == true)
        let text = error.map { "\($0)" } ?? "none"
        #expect(text.contains("me@127.0.0.1:1/db") && text.contains("refused") && !text.contains("hush"), "\(text)")
    }

    @Test func aWrongPasswordIsToldWithoutTheRightOrTheWrongOne() async throws {
        try await withPostgresServer(.init(durability: .none, loopbackPassword: "sesame")) { server in
            let url = server.url.split(separator: "sesame", omittingEmptySubsequences: false).joined(separator: "hush")
            #expect(url != server.url)
            let error = await #expect(throws: PostgresError.self) {
                try await PostgresConnection(PostgresSettings(url: url)).use { _ = try $0.query("SELECT 1") }
            }
            let text = error.map { "\($0)" } ?? "none"
            #expect(text.contains("password authentication failed") && error?.isTransient == false, "\(text)")
            #expect(!text.contains("hush") && !text.contains("sesame"), "\(text)")
        }
    }

    @Test func aServerThatRestartsBetweenCallsIsFoundAgain() async throws {
        try await withPostgresServer { server in
            let connection = PostgresConnection(PostgresSettings(url: server.url))
            try await connection.use { try $0.run(script: "CREATE TABLE t (n int)") }
            server.stop()
            let error = await #expect(throws: PostgresError.self) {
                try await connection.use { _ = try $0.query("SELECT 1") }
            }
            #expect(error?.isTransient == true)
            try server.restart()
            let count = try await connection.use { session in
                try session.transaction { try session.query("INSERT INTO t VALUES (1)").affected }
            }
            #expect(count == 1)
        }
    }

    @Test func theTargetOfAURLHoldsNoPassword() throws {
        #expect(try PostgresURL.target(of: "postgres://me:hush@host:5433/db?connect_timeout=3") == "me@host:5433/db")
        #expect(try PostgresURL.target(of: "postgresql:///db?host=/run/pg") == "/run/pg/db")
        #expect(try PostgresURL.target(of: "host=h password=hush") == "h")
    }
}
