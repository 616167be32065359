import Foundation
import Glibc

/// Where a private PostgreSQL keeps its data when its account may not enter the wanted folder.
enum PostgresFolder {
    /// `wanted`, or a folder under `/var/lib` to which a link at `wanted` then points.
    ///
    /// Happens to root only, in a home folder that is closed to others, as Debian's `/root` is.
    static func reachable(_ wanted: String) throws(LocalServerError) -> String {
        guard let account = try ServerAccount.forPostgres() else { return wanted }
        guard Folder.firstBlocked(on: wanted, for: account) != nil else { return wanted }
        let files = FileManager.default
        let prefix = "/var/lib/groundswell-"
        // Also when the folder with the link was renamed since: the data stay where they are.
        if let linked = try? files.destinationOfSymbolicLink(atPath: wanted), linked.hasPrefix(prefix) {
            try Folder.makePrivate(linked, owner: account)
            return linked
        }
        let elsewhere = prefix + Folder.fingerprint(wanted)
        // What was never entered by the server holds nothing of worth, but is not ours to remove unless empty.
        if rmdir(wanted) != 0, errno != ENOENT { throw .fileTrouble(path: wanted, reason: reason(errno)) }
        try Folder.makePrivate(elsewhere, owner: account)
        do {
            let parent = URL(fileURLWithPath: wanted).deletingLastPathComponent().path
            try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try files.createSymbolicLink(atPath: wanted, withDestinationPath: elsewhere)
        } catch {
            throw .fileTrouble(path: wanted, reason: error.localizedDescription)
        }
        return elsewhere
    }
}
