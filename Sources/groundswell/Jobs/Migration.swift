import ArgumentParser
import Logging
import Store

extension Store {
    /// A store whose database has been found to have the right schema.
    ///
    /// - Throws: when the server does not answer or the schema is missing, old or new.
    static func open(
        _ url: String, application: String, logger: Logger = Logger(label: "groundswell")
    ) async throws -> Store {
        let store = Store(url: url, applicationName: application, logger: logger)
        try await store.checkVersion()
        return store
    }
}

/// Brings a database to the newest schema.
enum Migration {
    static func run(on settings: Settings) async throws {
        let store = Store(
            url: try settings.postgresURL(), applicationName: "groundswell migrate",
            logger: Logger(label: "groundswell.migrate"))
        let report = try await store.migrate()
        Terminal.say(
            report.from == report.to
                ? "the schema is at version \(report.to) already"
                : "the schema was brought from version \(report.from) to \(report.to)")
        await store.close()
    }
}

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database to the schema of this version; safe to run again.",
        discussion: "Example: groundswell migrate --postgres postgres://owner@db/groundswell")

    @OptionGroup var connection: ConnectionOptions

    func run() async throws { try await Migration.run(on: Settings(connection)) }
}
