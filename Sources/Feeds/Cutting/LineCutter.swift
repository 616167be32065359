/// Cuts a plain file of lines by looking for the newline behind each planned cut.
///
/// A class, since it owns the open file.
final class LineCutter {
    private let file: FileBytes
    private let target: Int64
    private var offset: Int64 = 0
    /// Looks for a newline in steps of this: most lines are far shorter.
    private static let stepBytes = 16 << 10

    init(_ file: FileBytes, target: Int64) {
        self.file = file
        self.target = target
    }

    func next() throws(FeedError) -> ShardCutter.Slice? {
        guard offset < file.size else { return nil }
        let end = try lineEnd(behind: offset + target)
        defer { offset = end }
        return ShardCutter.Slice(offset: offset, length: end - offset)
    }

    /// The first start of a line at `place` or behind it.
    private func lineEnd(behind place: Int64) throws(FeedError) -> Int64 {
        // A quarter more is no reason for another shard.
        guard file.size - place > target / 4 else { return file.size }
        var at = place - 1
        var step = Self.stepBytes
        while at < file.size {
            let bytes = try file.bytes(at: at, limit: step)
            if let index = bytes.firstIndex(of: 0x0A) { return at + Int64(index) + 1 }
            guard !bytes.isEmpty else { break }
            at += Int64(bytes.count)
            step = FeedBounds.blockBytes
        }
        return file.size
    }
}
