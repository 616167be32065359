import Glibc
package import LocalServers
import Synchronization

/// Runs a test with a fresh, empty database, dropped afterwards.
///
/// The body gets its URL, a superuser's. One private PostgreSQL serves all tests of the process: it starts with the first call and ends with the process.
package func withPostgres<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let database = try await onOwnThread { try SharedPostgres.makeDatabase() }
    do {
        let result = try await body(database.url)
        try await onOwnThread { SharedPostgres.drop(database.name) }
        return result
    } catch {
        try await onOwnThread { SharedPostgres.drop(database.name) }
        throw error
    }
}

/// Runs a test with a PostgreSQL server of its own, to kill, stop and restart.
///
/// Takes seconds: prefer `withPostgres`.
package func withPostgresServer<Result>(
    _ settings: PrivatePostgres.Settings = .init(durability: .none),
    _ body: (PrivatePostgres) async throws -> Result
) async throws -> Result {
    let folder = TestFolder.path("postgres")
    let server = try await onOwnThread { try PrivatePostgres.start(in: folder, settings: settings) }
    do {
        let result = try await body(server)
        try await onOwnThread { server.stop() }
        return result
    } catch {
        try await onOwnThread { server.stop() }
        throw error
    }
}

/// The one server of this test process.
private enum SharedPostgres {
    /// A failed start is kept too, so that a missing PostgreSQL fails each test at once and not after a wait.
    private static let server = Mutex<Swift.Result<PrivatePostgres, LocalServerError>?>(nil)
    private static let counter = Atomic(0)

    static func makeDatabase() throws(LocalServerError) -> (name: String, url: String) {
        let server = try started().get()
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let name = "test_\(number)"
        // Copying template0 by file is quick when nothing is synced; and nobody can be connected to it.
        try server.psql("CREATE DATABASE \(name) TEMPLATE template0 STRATEGY file_copy")
        return (name, server.url(database: name))
    }

    /// Connections that a failed test left open do not keep the database.
    static func drop(_ name: String) {
        guard case .success(let server) = started() else { return }
        _ = try? server.psql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// The first caller starts the server, all others wait for it.
    private static func started() -> Swift.Result<PrivatePostgres, LocalServerError> {
        server.withLock { server in
            if let server { return server }
            let folder = TestFolder.path("postgres")
            let result = Swift.Result<PrivatePostgres, LocalServerError> { () throws(LocalServerError) in
                try PrivatePostgres.start(in: folder, settings: .init(durability: .none))
            }
            if case .success(let running) = result { AtExit.register { running.stop() } }
            server = result
            return result
        }
    }
}
