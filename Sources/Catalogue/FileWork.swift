internal import Crypto
internal import Foundation

/// The few things done to files, with errors that name the path.
enum FileWork {
    static let blockSize = 1 << 20

    static func makeFolder(_ path: String) throws(CatalogueError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch { throw .files(path: path, reason: "the folder cannot be made") }
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    static func size(_ path: String) -> Int64 {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int64(facts.st_size) : 0
    }

    /// Renames within one file system, which is whole or not at all; `false` when the target cannot give way.
    static func rename(_ source: String, to target: String) -> Bool { Foundation.rename(source, target) == 0 }

    static func mapped(_ path: String) throws(CatalogueError) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch { throw .files(path: path, reason: "it cannot be read") }
    }

    static func sha256(_ path: String) throws(CatalogueError) -> String {
        var hash = SHA256()
        try read(path) { (block) throws(CatalogueError) in hash.update(bufferPointer: block) }
        return hexadecimal(hash.finalize())
    }

    static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    private static func hexadecimal(_ digest: SHA256.Digest) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func read(
        _ path: String, _ body: (UnsafeRawBufferPointer) throws(CatalogueError) -> Void
    ) throws(CatalogueError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .files(path: path, reason: "it cannot be read") }
        defer { close(descriptor) }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 16)
        defer { block.deallocate() }
        while true {
            let count = Foundation.read(descriptor, block.baseAddress, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .files(path: path, reason: "it cannot be read") }
            guard count > 0 else { return }
            try body(UnsafeRawBufferPointer(rebasing: block[..<count]))
        }
    }

    /// Makes a new file, filled by `body` through the function it gets.
    static func write(
        _ path: String,
        _ body: ((UnsafeRawBufferPointer) throws(CatalogueError) -> Void) throws(CatalogueError) -> Void
    ) throws(CatalogueError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .files(path: path, reason: "it cannot be written") }
        defer { close(descriptor) }
        try body { (block) throws(CatalogueError) in
            var rest = block[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw .files(path: path, reason: "it cannot be written; is the disk full?") }
                rest = rest.dropFirst(count)
            }
        }
    }
}
