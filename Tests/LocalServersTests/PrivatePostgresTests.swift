import Foundation
import Harness
import LocalServers
import Testing

@Suite struct PrivatePostgresTests {
    @Test(.timeLimit(.minutes(2))) func everyCallGetsAFreshDatabase() async throws {
        for _ in 0..<2 {
            try await withPostgres { url async throws in
                #expect(try psql(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0")
                #expect(try psql(url, "SHOW server_encoding") == "UTF8")
                _ = try psql(url, "CREATE TABLE t (a int)")
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func aDatabaseIsDroppedThoughAConnectionIsOpen() async throws {
        var gone = ""
        try await withPostgres { url async throws in
            gone = url
            #expect(try psql(url, "SELECT 1") == "1")
        }
        #expect(throws: LocalServerError.self) { try psql(gone, "SELECT 1") }
    }

    @Test(.timeLimit(.minutes(2))) func aKilledServerComesBackWithWhatWasCommitted() async throws {
        try await withPostgresServer { server async throws in
            try server.psql("CREATE TABLE t AS SELECT 7 AS a", database: "groundswell")
            server.kill()
            #expect(!server.isRunning)
            try server.restart()
            #expect(try psql(server.url, "SELECT a FROM t") == "7")
        }
    }

    @Test(.timeLimit(.minutes(2))) func aDurableServerIsFoundByItsFolderAndKeepsItsData() async throws {
        let folder = TestFolder.path("durable")
        let first = try PrivatePostgres.start(
            in: folder, settings: .init(loopbackPassword: "geheim1"), lifetime: .detached)
        #expect(first.url.hasPrefix("postgresql://groundswell:geheim1@127.0.0.1:"))
        #expect(try psql(first.url, "CREATE TABLE t AS SELECT 7 AS a; SHOW fsync") == "on")
        let found = try #require(PrivatePostgres.find(in: folder))
        #expect(found.url == first.url)
        found.stop()
        #expect(!first.isRunning)
        #expect(PrivatePostgres.find(in: folder) == nil)
        let second = try PrivatePostgres.start(in: folder)
        #expect(try psql(second.url, "SELECT a FROM t") == "7")
        second.stop()
    }

    @Test(.enabled(if: getuid() == 0, "skipped: only root's server runs under another account"))
    func aFolderThatTheServersAccountCannotReachIsNamed() throws {
        let closed = try TestFolder.make("closed")
        let error = try #require(throws: LocalServerError.self) {
            try PrivatePostgres.start(in: "\(closed)/postgres")
        }
        #expect(error.description.contains("may not enter '\(closed)'"), "\(error)")
    }

    @Test(
        .enabled(if: getuid() == 0, "skipped: only root's server runs under another account"),
        .timeLimit(.minutes(2)))
    func aFolderThatCannotBeReachedIsReplacedByALinkWhenAllowed() throws {
        let closed = try TestFolder.make("closed")
        let settings = PrivatePostgres.Settings(durability: .none, mayMoveElsewhere: true)
        let folder = "\(closed)/postgres"
        for _ in 0..<2 {
            let server = try PrivatePostgres.start(in: folder, settings: settings, lifetime: .detached)
            #expect(server.folder.hasPrefix("/var/lib/groundswell-"))
            #expect(PrivatePostgres.find(in: folder)?.url == server.url)
            #expect(try psql(server.url, "SELECT 1") == "1")
            server.stop()
            try? FileManager.default.removeItem(atPath: "\(server.folder)/postgres.log")
        }
        try FileManager.default.removeItem(
            atPath: FileManager.default.destinationOfSymbolicLink(atPath: folder))
    }
}

private func psql(_ url: String, _ sql: String) throws -> String {
    try Run.program("/usr/bin/psql", ["-XqtA", "-d", url, "-c", sql]).trimmingCharacters(in: .newlines)
}
