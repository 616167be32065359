import Glibc

/// Small files, whole.
enum TextFile {
    /// No file that is read here (pid files, a log's tail, `/proc`) needs more.
    private static let largest = 1 << 20

    static func read(_ path: String) throws(LocalServerError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .fileTrouble(path: path, reason: reason(errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < largest {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .fileTrouble(path: path, reason: reason(errno)) }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a file so that a reader sees the old text or the new, never half.
    static func write(
        _ text: String, to path: String, mode: mode_t = 0o600, owner: ServerAccount? = nil
    ) throws(LocalServerError) {
        let draft = "\(path).new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .fileTrouble(path: path, reason: reason(errno)) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw .fileTrouble(path: path, reason: reason(errno))
        }
        if let owner, fchown(descriptor, owner.user, owner.group) != 0 {
            throw .fileTrouble(path: path, reason: reason(errno))
        }
        guard rename(draft, path) == 0 else { throw .fileTrouble(path: path, reason: reason(errno)) }
    }

    /// The last lines of a log, for an error message.
    static func tail(_ path: String, lines: Int = 12) -> String {
        guard let text = try? read(path) else { return "" }
        return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
    }
}
