/// Why a private server could not be started, reached or stopped.
package enum LocalServerError: Error, Equatable, Sendable {
    /// A program is not installed; `package` is the Debian package that has it.
    case programMissing(program: String, package: String)
    /// The server's own account may not enter a folder on the way to its data.
    case folderNotReachable(folder: String, blockedAt: String, account: String)
    /// A file or folder could not be made, read or changed.
    case fileTrouble(path: String, reason: String)
    case couldNotSpawn(program: String, reason: String)
    /// The server ended, or did not answer in time; `log` holds the last lines it wrote.
    case notReady(server: String, reason: String, log: String)
    case alreadyRunning(server: String, folder: String, pid: Int32)
    /// The folder holds data of another major version than the programs found.
    case versionMismatch(folder: String, data: Int, programs: [Int])
    case programFailed(program: String, status: Int32, output: String)
    case invalidSettings(reason: String)
}

extension LocalServerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .programMissing(let program, let package):
            "The program '\(program)' is missing. Install it: apt-get install \(package)"
        case .folderNotReachable(let folder, let blockedAt, let account):
            """
            PostgreSQL does not run as root, and the account '\(account)' that it runs under instead may not enter \
            '\(blockedAt)', so it cannot reach '\(folder)'. Choose a folder elsewhere (for example under /var/tmp), \
            or allow entering: chmod o+x '\(blockedAt)'
            """
        case .fileTrouble(let path, let reason): "'\(path)': \(reason)"
        case .couldNotSpawn(let program, let reason): "'\(program)' could not be started: \(reason)"
        case .notReady(let server, let reason, let log):
            log.isEmpty ? "\(server) \(reason)." : "\(server) \(reason). Its log ends with:\n\(log)"
        case .alreadyRunning(let server, let folder, let pid):
            "\(server) is already running in '\(folder)' (process \(pid))."
        case .versionMismatch(let folder, let data, let programs):
            """
            '\(folder)' holds data of PostgreSQL \(data), but only version \
            \(programs.map(String.init).joined(separator: ", ")) is installed. \
            Install postgresql-\(data), or remove the folder to begin anew.
            """
        case .programFailed(let program, let status, let output):
            "'\(program)' ended with status \(status)\(output.isEmpty ? "." : ":\n\(output)")"
        case .invalidSettings(let reason): reason
        }
    }
}
