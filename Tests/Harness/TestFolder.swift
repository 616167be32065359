import Foundation
import Glibc
import Synchronization

/// One folder per test process for all that its tests write; removed when the process exits.
///
/// A process ended by SIGKILL cannot tidy up: the next one finds its folder by a lock that nobody holds any more.
package enum TestFolder {
    private static let prefix = "groundswell-test-"
    private static let counter = Atomic(0)

    /// A fresh folder that only we may enter.
    package static func make(_ name: String = "folder") throws -> String {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let path = "\(root)/\(name)-\(number)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        chmod(path, 0o700)
        return path
    }

    /// A path in the folder of this process at which nothing is yet.
    package static func path(_ name: String) -> String {
        "\(root)/\(name)-\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    private static let root: String = {
        sweepStale()
        var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { fatalError("no test folder in \(parent): errno \(errno)") }
        let path = String(cString: made)
        // A PostgreSQL that runs under another account has its folder in here: it must pass, not look.
        chmod(path, 0o711)
        guard tryLock(path) else { fatalError("cannot lock \(path): errno \(errno)") }
        atexit {
            AtExit.runAll()
            try? FileManager.default.removeItem(atPath: TestFolder.root)
        }
        return path
    }()

    private static var parent: String {
        // Sockets need short paths: a long TMPDIR is no help.
        guard let text = getenv("TMPDIR") else { return "/tmp" }
        let path = String(cString: text)
        return path.utf8.count < 40 && path.hasPrefix("/") ? path : "/tmp"
    }

    /// Takes the folder's lock, which the kernel gives back when we die; the descriptor stays open on purpose.
    private static func tryLock(_ folder: String) -> Bool {
        let descriptor = open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return false }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        close(descriptor)
        return false
    }

    private static func sweepStale() {
        let files = FileManager.default
        let now = time(nil)
        for name in (try? files.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            var facts = stat()
            guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR, facts.st_uid == getuid() else {
                continue
            }
            // A minute's grace: between making a folder and locking it, a living process looks like a dead one.
            guard now - facts.st_mtim.tv_sec > 60, tryLock(path) else { continue }
            try? files.removeItem(atPath: path)
        }
    }
}

/// What is to be done when the test process exits, last registered first.
enum AtExit {
    private static let actions = Mutex<[@Sendable () -> Void]>([])

    static func register(_ action: @escaping @Sendable () -> Void) { actions.withLock { $0.append(action) } }

    static func runAll() {
        let pending = actions.withLock { actions in
            defer { actions = [] }
            return actions
        }
        for action in pending.reversed() { action() }
    }
}
