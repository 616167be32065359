package import Logging
internal import Postgres

/// The name by which the roles know the store.
package typealias Store = TrendStore

/// The truth in PostgreSQL: jobs and shards, the ledger, and the merged trends.
///
/// A value that shares one connection; calls on it wait their turn. Make a second store for a second connection.
package struct TrendStore: Sendable {
    let connection: PostgresConnection
    let settings: PostgresSettings
    let logger: Logger
    let partitions = KnownPartitions()

    /// Connects at the first call.
    ///
    /// - Parameter url: `postgres://user:password@host:port/database` with libpq's options; never logged.
    package init(url: String, applicationName: String = "groundswell", logger: Logger) {
        var settings = PostgresSettings(url: url)
        settings.applicationName = applicationName
        settings.onConnect = Self.searchPath
        settings.onNotice = { notice in
            logger.log(
                level: notice.severity == "WARNING" ? .warning : .debug, "PostgreSQL says: \(notice.message)")
        }
        self.init(settings, logger: logger)
    }

    private init(_ settings: PostgresSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        connection = PostgresConnection(settings)
    }

    /// The same database by another connection: its calls wait for none of this one's.
    package func sibling() -> TrendStore { TrendStore(settings, logger: logger) }

    /// Nothing is found by accident: all names but those of the `hll` extension are written with their schema.
    static let searchPath = """
        SELECT set_config('search_path', 'pg_catalog' || coalesce(', ' || (SELECT quote_ident(n.nspname) FROM pg_extension e
            JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hll'), '') || ', pg_temp', false)
        """

    /// Checks that the database has the schema that this program works with.
    ///
    /// - Throws: `StoreError.noSchema`, `.wrongSchema`, or a `PostgresError`.
    package func checkVersion() async throws {
        let found: Int
        do {
            found = try await connection.use { session in
                try session.query("SELECT version FROM trends.version").first.map { Int($0.int(0)) } ?? 0
            }
        } catch let error as PostgresError where error.sqlState == "3F000" || error.sqlState == "42P01" {
            throw StoreError.noSchema
        }
        guard found == Migration.latest else { throw StoreError.wrongSchema(found: found, needed: Migration.latest) }
    }

    /// Makes sure that the server answers.
    package func ping() async throws {
        try await connection.use { session in _ = try session.query("SELECT 1") }
    }

    /// Whether an error says that the server is away, starting, stopping or short of connections: waiting helps.
    package static func isOutage(_ error: any Error) -> Bool { (error as? PostgresError)?.isTransient ?? false }

    package func close() async { await connection.close() }
}
