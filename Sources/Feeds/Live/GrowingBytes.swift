internal import Domain

/// A file that others append to, read without waiting: at its present end `read` throws `FeedError.quiet`.
///
/// It ends when another file has taken its name, or it was cut short, and all of it has been read.
final class GrowingBytes: ByteSource {
    var name: String { file.name }
    let damage: String? = nil
    private let file: FileBytes
    private let identity: FileStatus.Identity
    private var next: Int64
    private var isReplaced = false

    init(path: String, offset: Int64) throws(FeedError) {
        // Looked at before it is opened: a file that is replaced in between looks replaced, and is opened again.
        identity = try FileStatus(path: path).identity
        file = try FileBytes(path: path)
        next = offset
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        while true {
            let count = try file.read(into: target, at: next)
            next += Int64(count)
            guard count == 0 else { return count }
            guard !isReplaced else { return 0 }
            isReplaced = hasSuccessor
            // What was appended just before the change is still to be read.
            guard isReplaced else { throw .quiet(path: name) }
        }
    }

    private var hasSuccessor: Bool {
        guard let now = try? FileStatus(path: name) else { return false }
        return now.identity != identity || now.size < next
    }
}
