internal import Postgres

/// What `migrate` did.
package struct MigrationReport: Equatable, Sendable {
    /// Version before; 0 for a database without schema.
    package var from: Int
    package var to: Int
}

extension TrendStore {
    /// Brings the database to the newest schema.
    ///
    /// Running it again changes nothing but restores lost rights.
    ///
    /// Several programs may call it at once: an advisory lock lets one work, the others then find nothing to do.
    package func migrate() async throws -> MigrationReport { try await migrate(to: Migration.latest) }

    /// As far as `version`: a test writes data there and looks whether they survive the rest.
    func migrate(to version: Int) async throws -> MigrationReport {
        try await connection.use { session in
            let server = try session.serverVersion() / 10_000
            guard server >= 14 else { throw StoreError.oldServer(version: server) }
            try session.query("SELECT pg_advisory_lock(\(AdvisoryLock.migration))")
            defer { _ = try? session.query("SELECT pg_advisory_unlock(\(AdvisoryLock.migration))") }
            try Self.retryingSharedCatalogs {
                try session.transaction {
                    try session.run(script: Roles.creation)
                }
            }
            let from = try Self.version(session)
            guard from <= Migration.latest else {
                throw StoreError.wrongSchema(found: from, needed: Migration.latest)
            }
            if from == 0 { try Self.prepareDatabase(session, server: server) }
            for migration in Migration.all.prefix(version).dropFirst(from) { try Self.apply(migration, session) }
            guard version == Migration.latest else { return MigrationReport(from: from, to: version) }
            try session.transaction {
                try session.run(script: Roles.actAsOwner)
                try session.run(script: Roles.rights)
            }
            return MigrationReport(from: from, to: version)
        }
    }

    /// Roles belong to the whole server: another database's migration may change them at the same moment.
    private static func retryingSharedCatalogs(_ body: () throws -> Void) throws {
        for _ in 0..<20 {
            do {
                return try body()
            } catch let error as PostgresError where error.sqlState == "XX000" || error.sqlState == "23505" {
                continue
            }
        }
        try body()
    }

    private static func version(_ session: PostgresSession) throws -> Int {
        let exists = try session.query("SELECT to_regclass('gw.schema_version') IS NOT NULL")
        guard exists.first?.bool(0) == true else { return 0 }
        return try session.query("SELECT coalesce(max(version), 0) FROM gw.schema_version").first.map { Int($0.int(0)) }
            ?? 0
    }

    private static func prepareDatabase(_ session: PostgresSession, server: Int) throws {
        try createExtension(session, server: server)
        try session.run(script: searchPath)
        try session.transaction {
            try session.run(script: Roles.extensionAccess)
            try session.run(script: Roles.schemas)
            try session.run(script: Roles.actAsOwner)
            try session.run(
                script: """
                    CREATE TABLE IF NOT EXISTS gw.schema_version (
                        version int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
                    COMMENT ON SCHEMA gw IS 'Tables of Groundswell: private, may change in any release. Read schema trends.';
                    """)
        }
    }

    private static func createExtension(_ session: PostgresSession, server: Int) throws {
        let known = try session.query(
            """
            SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'hll'),
                EXISTS (SELECT FROM pg_available_extensions WHERE name = 'hll')
            """)
        guard let row = known.first, !row.bool(0) else { return }
        guard row.bool(1) else { throw StoreError.hllMissing(serverVersion: server) }
        do {
            try session.run(script: "CREATE EXTENSION IF NOT EXISTS hll WITH SCHEMA public")
        } catch {
            guard case .server("42501", let message, _) = error else { throw error }
            throw StoreError.hllForbidden(reason: message)
        }
    }

    private static func apply(_ migration: Migration, _ session: PostgresSession) throws {
        try session.transaction {
            try session.run(script: Roles.actAsOwner)
            try session.run(script: migration.sql)
            try session.query(
                "INSERT INTO gw.schema_version (version, name) VALUES ($1, $2)",
                .int4(Int32(migration.version)), .text(migration.name))
        }
    }
}

/// Keys of advisory locks: any numbers that nobody else in the database uses.
enum AdvisoryLock {
    static let migration: Int64 = 0x6772_6F75_6E64_0001
    static let leadership: Int64 = 0x6772_6F75_6E64_0002
}
