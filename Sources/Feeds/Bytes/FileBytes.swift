#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A range of a regular file, read with `pread`, so that several readers of one file never disturb each other.
final class FileBytes: ByteSource {
    let name: String
    let damage: String? = nil
    /// The size of the file when it was opened.
    let size: Int64
    private let descriptor: Int32
    private var next: Int64
    private let end: Int64

    /// Opens `path`; without `length` the range goes to the end of the file.
    init(path: String, offset: Int64 = 0, length: Int64? = nil) throws(FeedError) {
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else { throw FeedError(code: errno, path: path) }
        var info = stat()
        var problem: FeedError?
        if fstat(opened, &info) != 0 {
            problem = FeedError(code: errno, path: path)
        } else if info.st_mode & S_IFMT == S_IFDIR {
            problem = .isFolder(path: path)
        } else if info.st_mode & S_IFMT != S_IFREG {
            problem = .notAFile(path: path)
        } else if let length, Int64(info.st_size) < offset + length {
            problem = .shrank(path: path, expected: offset + length, found: Int64(info.st_size))
        }
        if let problem {
            close(opened)
            throw problem
        }
        name = path
        descriptor = opened
        size = Int64(info.st_size)
        next = offset
        end = length.map { offset + $0 } ?? size
    }

    deinit { close(descriptor) }

    func read(into target: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        let wanted = Int(min(Int64(target.count), end - next))
        guard wanted > 0 else { return 0 }
        let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: target[..<wanted]), at: next)
        guard count > 0 else { throw .shrank(path: name, expected: end, found: next) }
        next += Int64(count)
        return count
    }

    /// Copies bytes from any place of the file, without moving the range; 0 behind the end.
    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FeedError) -> Int {
        while true {
            let count = pread(descriptor, target.baseAddress, target.count, off_t(offset))
            if count >= 0 { return count }
            guard errno == EINTR else { throw FeedError(code: errno, path: name) }
        }
    }

    /// The bytes at `offset`, at most `limit`, fewer at the end of the file.
    func bytes(at offset: Int64, limit: Int) throws(FeedError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: limit, alignment: 16)
        defer { buffer.deallocate() }
        var count = 0
        while count < limit {
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let read = try read(into: target, at: offset + Int64(count))
            guard read > 0 else { break }
            count += read
        }
        return Array(buffer[..<count])
    }
}

/// A pipe, terminal or other descriptor, read to its end; it stays open, since somebody else opened it.
final class DescriptorBytes: ByteSource {
    let name: String
    let damage: String? = nil
    private let descriptor: Int32

    init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        while true {
            let count = systemRead(descriptor, target)
            if count >= 0 { return count }
            guard errno == EINTR else { throw FeedError(code: errno, path: name) }
        }
    }
}

/// `read` of the system; within a type that has a method `read`, the plain name means that method.
private func systemRead(_ descriptor: Int32, _ target: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, target.baseAddress, target.count)
}
