import Foundation
import Glibc

/// The programs of one installed PostgreSQL.
struct PostgresPrograms: Sendable {
    /// Oldest version that Groundswell works with.
    static let oldest = 14

    let version: Int
    let folder: String

    var server: String { "\(folder)/postgres" }
    var initdb: String { "\(folder)/initdb" }
    var psql: String { "\(folder)/psql" }

    /// The programs that fit the data in `folder`, or the newest ones when there is no data yet.
    static func fitting(data folder: String) throws(LocalServerError) -> PostgresPrograms {
        let installed = try all()
        guard let text = try? TextFile.read("\(folder)/PG_VERSION"),
            let needed = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return installed[0] }
        if let match = installed.first(where: { $0.version == needed }) { return match }
        throw .versionMismatch(folder: folder, data: needed, programs: installed.map(\.version))
    }

    /// All usable versions, newest first; never empty.
    static func all() throws(LocalServerError) -> [PostgresPrograms] {
        // Debian keeps each version in its own folder, outside PATH.
        let debian = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []).compactMap { Int($0) }
        var found = versions.map { PostgresPrograms(version: $0, folder: "\(debian)/\($0)/bin") }
        if let path = try? Program.path(of: "postgres", package: "postgresql-15"), let version = version(of: path) {
            found.append(PostgresPrograms(version: version, folder: String(path.dropLast("/postgres".count))))
        }
        let usable = found.filter {
            $0.version >= oldest && Program.isExecutable($0.server) && Program.isExecutable($0.initdb)
        }
        guard !usable.isEmpty else { throw .programMissing(program: "postgres", package: "postgresql-15") }
        return usable.sorted { $0.version > $1.version }
    }

    /// The major version in `postgres (PostgreSQL) 15.8 (Debian …)`.
    private static func version(of server: String) -> Int? {
        guard let text = try? Run.program(server, ["--version"]) else { return nil }
        let word = text.split(separator: " ").first { $0.first?.isNumber ?? false }
        return (word?.prefix { $0.isNumber }).flatMap { Int($0) }
    }
}
