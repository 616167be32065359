import Glibc

/// The account that PostgreSQL runs under when we are root, since it refuses to be root.
struct ServerAccount: Equatable, Sendable {
    let name: String
    let user: uid_t
    let group: gid_t

    /// `postgres`, else `nobody`; nil when we are an ordinary user and the server runs as ourselves.
    static func forPostgres() throws(LocalServerError) -> ServerAccount? {
        guard geteuid() == 0 else { return nil }
        for name in ["postgres", "nobody"] {
            guard let entry = getpwnam(name) else { continue }
            return ServerAccount(name: name, user: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
        }
        throw .invalidSettings(
            reason: "PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody'.")
    }

    /// The command line that runs a program as this account, in the same process.
    static func commandLine(
        _ program: String, _ arguments: [String], as account: ServerAccount?
    ) throws(LocalServerError) -> (program: String, arguments: [String]) {
        guard let account else { return (program, arguments) }
        let setpriv = try Program.path(of: "setpriv", package: "util-linux")
        let identity = ["--reuid=\(account.user)", "--regid=\(account.group)", "--clear-groups", "--no-new-privs"]
        return (setpriv, identity + ["--", program] + arguments)
    }
}
