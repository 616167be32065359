package import Domain

/// What the store refuses, beyond what PostgreSQL itself does.
package enum StoreError: Error, Equatable, Sendable {
    /// The database holds no Groundswell schema.
    case noSchema
    /// The database's schema is older or newer than the program.
    case wrongSchema(found: Int, needed: Int)
    /// The `hll` extension is not installed on the server.
    case hllMissing(serverVersion: Int)
    /// The migrating user may not create the `hll` extension.
    case hllForbidden(reason: String)
    /// The server is older than the oldest supported.
    case oldServer(version: Int)
    case unknownJob(JobID)
    case unknownPayload(name: String, job: JobID)
    /// A state change that makes no sense for the job's present state.
    case wrongState(JobID, state: JobState, wanted: String)
    case scheduleExists(name: String)
    case unknownSchedule(name: String)
    /// The job takes no posts: it was never live, or was closed or cancelled.
    case notLive(JobID)
    /// Somebody else writes for the same stream of a live job.
    case sourceMoved(JobID)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSchema:
            "the database has no Groundswell schema: run 'groundswell migrate' on it first"
        case .wrongSchema(let found, let needed) where found < needed:
            "the database's schema has version \(found), this groundswell needs \(needed): run 'groundswell migrate'"
        case .wrongSchema(let found, let needed):
            "the database's schema has version \(found), made by a newer groundswell; this one knows \(needed): upgrade it"
        case .hllMissing(let version):
            """
            the PostgreSQL server lacks the extension 'hll', which counts distinct authors. On the server's machine: \
            Debian and Ubuntu: apt install postgresql-\(version)-hll (from apt.postgresql.org where the distribution \
            has none); others: build https://github.com/citusdata/postgresql-hll with make and make install. \
            Then run 'groundswell migrate' again
            """
        case .hllForbidden(let reason):
            """
            the extension 'hll' cannot be created (\(reason)): have a superuser run 'CREATE EXTENSION hll' in this \
            database, then run 'groundswell migrate' again
            """
        case .oldServer(let version):
            "PostgreSQL \(version) is too old: Groundswell needs 14 or later"
        case .unknownJob(let job): "there is no job \(job)"
        case .unknownPayload(let name, let job): "job \(job) has no payload '\(name)'"
        case .scheduleExists(let name):
            "there is a schedule '\(name)' already: remove it first, or choose another name"
        case .unknownSchedule(let name): "there is no schedule '\(name)'"
        case .notLive(let job): "job \(job) takes no posts: it was closed, cancelled or never live"
        case .sourceMoved(let job):
            "another process writes the same stream into job \(job): let one of the two go on"
        case .wrongState(let job, let state, let wanted): "job \(job) is \(state.rawValue) and cannot be \(wanted)"
        }
    }
}
