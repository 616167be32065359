package import Domain

/// Cuts one source into slices that are readable alone, one after the other, on demand.
///
/// Plain JSON Lines are cut without reading them: only a few bytes around each cut. Plain CSV is read through once,
/// since only that tells whether a newline lies within quotes. A compressed file is one slice.
package struct ShardCutter {
    /// A range of a source; both ends lie between two records.
    package struct Slice: Equatable, Sendable {
        package var offset: Int64
        package var length: Int64
    }

    /// The source, with the columns of a CSV header filled in: what shards must carry.
    package let source: SourceDescription
    /// How many posts there may be, judged by samples; 0 only for an empty source.
    package let estimatedPosts: Int64
    private var plan: Plan

    private enum Plan {
        case whole(Slice?)
        case lines(LineCutter)
        case records(CSVCutter)
    }

    /// Opens the source and samples it.
    ///
    /// - Parameters:
    ///   - bytes: the size that a slice should have; a record that is longer makes a longer slice.
    ///   - posts: the number of posts that a slice should not exceed by much.
    package init(
        _ found: FoundSource, bytes: Int64 = FeedBounds.shardBytes, posts: Int = FeedBounds.shardPosts
    ) throws(FeedError) {
        precondition(bytes > 0 && posts > 0, "a slice needs room, not \(bytes) bytes and \(posts) posts")
        guard case .file(let path) = found.description.place else {
            throw .unreadable(path: found.description.name, reason: "is a payload, which is a shard already")
        }
        var description = found.description
        let file = try FileBytes(path: path)
        let density = try LineDensity(file, compression: description.compression)
        estimatedPosts = file.size == 0 ? 0 : max(1, Int64(Double(file.size) / density.bytesPerLine))
        if file.size == 0 {
            plan = .whole(nil)
        } else if description.compression != .none {
            plan = .whole(Slice(offset: 0, length: file.size))
        } else if description.format == .jsonLines {
            let target = min(bytes, max(1, Int64(density.bytesPerLine * Double(posts))))
            plan = .lines(LineCutter(file, target: target))
        } else if let cutter = try CSVCutter(file, bytes: bytes, records: posts) {
            description.columns = cutter.header.columns
            plan = .records(cutter)
        } else {
            plan = .whole(nil)
        }
        source = description
    }

    /// The next slice; `nil` at the end of the source.
    package mutating func next() throws(FeedError) -> Slice? {
        switch plan {
        case .whole(let slice):
            plan = .whole(nil)
            return slice
        case .lines(let cutter): return try cutter.next()
        case .records(let cutter): return try cutter.next()
        }
    }
}

/// How many bytes of a file a line takes, newline included, judged by samples from all over it.
struct LineDensity {
    let bytesPerLine: Double

    init(_ file: FileBytes, compression: SourceDescription.Compression) throws(FeedError) {
        var lines = 0
        var bytes: Int64 = 0
        if compression == .none {
            let step = max(Int64(FeedBounds.sampleBytes), file.size / FeedBounds.samples)
            for offset in stride(from: 0, to: file.size, by: Int(step)) {
                let sample = try file.bytes(at: offset, limit: FeedBounds.sampleBytes)
                lines += sample.count { $0 == 0x0A }
                bytes += Int64(sample.count)
            }
        } else {
            bytes = min(file.size, Int64(FeedBounds.blockBytes))
            let head = try FileBytes(path: file.name, offset: 0, length: bytes)
            let records = RecordBuffer(decoded(head, compression), offset: 0, framing: .lines)
            while try records.next() != nil { lines += 1 }
        }
        bytesPerLine = Double(max(bytes, 1)) / Double(max(lines, 1))
    }
}
