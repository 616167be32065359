internal import Domain

/// Bytes in order, read once.
///
/// Not `Sendable`: one reader at a time.
protocol ByteSource: AnyObject {
    /// The name shown to users.
    var name: String { get }

    /// Why the bytes ended before they should have; known once `read` gave 0.
    ///
    /// It is not an error: everything that came before counts.
    var damage: String? { get }

    /// Copies the next bytes to the start of `target`, which is not empty, and gives their number; 0 at the end.
    func read(into target: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int
}

/// Puts the decoder that a compression needs before a source.
func decoded(_ source: any ByteSource, _ compression: SourceDescription.Compression) -> any ByteSource {
    switch compression {
    case .none: source
    case .gzip: GzipBytes(of: source)
    case .zstd: ZstdBytes(of: source)
    }
}

/// Bytes that are in memory already.
final class MemoryBytes: ByteSource {
    let name: String
    let damage: String? = nil
    private let bytes: [UInt8]
    private var next = 0

    init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        let count = min(target.count, bytes.count - next)
        target.copyBytes(from: bytes[next..<(next + count)])
        next += count
        return count
    }
}
