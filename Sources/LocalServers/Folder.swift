import Foundation
import Glibc

/// Folders that hold a server's data.
enum Folder {
    /// The path without `.`, `..` and links, so that a server which runs elsewhere finds it.
    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// Makes a folder that only its owner may enter, with the folders above it.
    static func makePrivate(_ path: String, owner: ServerAccount? = nil) throws(LocalServerError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .fileTrouble(path: path, reason: error.localizedDescription)
        }
        if let owner, chown(path, owner.user, owner.group) != 0 {
            throw .fileTrouble(path: path, reason: reason(errno))
        }
        guard chmod(path, 0o700) == 0 else { throw .fileTrouble(path: path, reason: reason(errno)) }
    }

    /// The first folder on the way to `path` that the account may not enter.
    ///
    /// Looks at owner, group and mode only; access lists may widen what it says.
    static func firstBlocked(on path: String, for account: ServerAccount) -> String? {
        var current = ""
        for name in ["/"] + path.split(separator: "/").map(String.init) {
            current = name == "/" ? "/" : current == "/" ? "/\(name)" : "\(current)/\(name)"
            var facts = stat()
            // What does not exist yet will be made by us, and given to the account.
            guard stat(current, &facts) == 0 else { return nil }
            let bit = facts.st_uid == account.user ? S_IXUSR : facts.st_gid == account.group ? S_IXGRP : S_IXOTH
            if facts.st_mode & bit == 0 { return current }
        }
        return nil
    }

    /// A folder for sockets: the wanted one, or one with a short name when the wanted path does not fit.
    ///
    /// A socket's path has at most 107 bytes on Linux; the longest name put into the folder has 14.
    static func forSockets(_ wanted: String, owner: ServerAccount? = nil) throws(LocalServerError) -> String {
        let longest = 84
        if wanted.utf8.count <= longest { return wanted }
        let short = "/tmp/groundswell-\(getuid())-\(fingerprint(wanted))"
        if mkdir(short, 0o700) != 0 {
            var facts = stat()
            // Another user may have made the name first: a link or a folder of theirs is not ours to trust.
            guard lstat(short, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR,
                facts.st_uid == getuid() || facts.st_uid == owner?.user
            else { throw .fileTrouble(path: short, reason: "is in the way of the sockets of '\(wanted)'") }
        }
        try makePrivate(short, owner: owner)
        return short
    }

    /// FNV-1a, to tell folders apart by a short name.
    static func fingerprint(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }
}
