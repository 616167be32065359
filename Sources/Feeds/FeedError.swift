#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Why a source cannot be read at all; a single bad record is no error but a `QuarantinedRecord`.
package enum FeedError: Error, Equatable, Sendable {
    case missing(path: String)
    case noRights(path: String)
    case isFolder(path: String)
    case notAFile(path: String)
    /// The file ends before the shard does.
    case shrank(path: String, expected: Int64, found: Int64)
    /// The header is not the one that the job was submitted with.
    case changed(path: String)
    case system(path: String, code: Int32, message: String)
    case payloadMissing(name: String)
    /// The mapping names something that does not exist, or the source lacks what it names.
    case mapping(String)
    /// Nothing more is there now; another try may find something.
    case quiet(path: String)
    /// The bytes are of a kind that this room does not read.
    case unreadable(path: String, reason: String)

    /// Makes the error of a failed system call.
    package init(code: Int32, path: String) {
        self =
            switch code {
            case ENOENT, ENOTDIR: .missing(path: path)
            case EACCES, EPERM: .noRights(path: path)
            case EISDIR: .isFolder(path: path)
            default: .system(path: path, code: code, message: String(cString: strerror(code)))
            }
    }

    /// Whether another try may succeed although nobody mends anything.
    package var isTransient: Bool {
        guard case .system(_, let code, _) = self else { return false }
        let passing = [EIO, ESTALE, EMFILE, ENFILE, ENOMEM, ETIMEDOUT, EAGAIN, EINTR, EBUSY, ENXIO, ENODEV]
        return passing.contains(code)
    }
}

extension FeedError: CustomStringConvertible {
    package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }

    /// The file or payload that it is about; empty for a mapping.
    package var path: String {
        switch self {
        case .missing(let path), .noRights(let path), .isFolder(let path), .notAFile(let path), .changed(let path),
            .quiet(let path):
            path
        case .shrank(let path, _, _), .system(let path, _, _), .unreadable(let path, _): path
        case .payloadMissing(let name): name
        case .mapping: ""
        }
    }

    /// What is wrong and what to do next, in one line.
    package var reason: String {
        switch self {
        case .missing: "no such file; workers must see the same path as the machine that submits"
        case .noRights: "no right to read it; grant it to the user that runs the workers"
        case .isFolder: "is a folder, not a file; submit the folder and its files become the sources"
        case .notAFile: "is no regular file; pipe it into standard input and name the source '-'"
        case .shrank(_, let expected, let found):
            "is shorter than when it was submitted (\(found) bytes, \(expected) needed); submit it again"
        case .changed: "its CSV header changed since it was submitted; submit it again"
        case .system(_, let code, let message):
            "\(message) (error \(code)); \(isTransient ? "it will be tried again" : "mend it and submit again")"
        case .quiet: "has nothing more to say yet"
        case .payloadMissing: "its bytes are not in the store any more; submit it again"
        case .mapping(let text): "source mapping: \(text)"
        case .unreadable(_, let reason): reason
        }
    }
}
