import Foundation
import LocalServers

/// A folder with private servers, as safe as a cluster's own; all gone when the benchmark ends.
struct BenchServers {
    let folder: String
    let redis: PrivateRedis
    let postgres: PrivatePostgres

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("loadtest-\(getpid())").path
        // PostgreSQL may run under another account, which must pass.
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        redis = try PrivateRedis.start(in: "\(folder)/redis", settings: .init(appendOnly: true))
        postgres = try PrivatePostgres.start(in: "\(folder)/postgres", settings: .init(durability: .full))
    }

    /// Role processes on these servers, with a migrated database.
    func processes(models: String = "Models") throws -> Processes {
        let processes = Processes(folder: folder, redis: redis.url, postgres: postgres.url, models: models)
        try processes.run("migrate")
        return processes
    }

    func end() {
        redis.stop()
        postgres.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
