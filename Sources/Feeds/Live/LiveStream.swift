package import Domain
internal import Sketches

/// Some records of a stream, ready to be kept as a payload.
package struct LiveChunk: Equatable, Sendable {
    package var chunk: SpooledChunk
    /// Bytes of the stream up to the end of the chunk.
    package var end: Int64
}

/// A stream of posts that goes on, such as standard input or a file that grows, read without waiting.
///
/// One task at a time.
package final class LiveStream {
    package enum Outcome: Sendable {
        /// As much is held as one batch takes.
        case full
        /// Nothing more is there yet.
        case quiet
        case ended
    }

    package let name: String
    /// Known once something came.
    package var format: SourceDescription.Format? { spool?.format }
    private let open: () throws(FeedError) -> StandardInputSpool
    private var spool: StandardInputSpool?

    /// Reads a descriptor, which stays open.
    package init(
        descriptor: Int32, name: String, format: SourceDescription.Format? = nil, bytes: Int, records: Int
    ) {
        let source = PolledBytes(descriptor: descriptor, name: name)
        self.name = name
        open = { () throws(FeedError) in
            let source = PeekedBytes(source)
            guard SourceProbe.compression(of: try source.head(4)) == .none else {
                throw .unreadable(
                    path: name, reason: "is compressed; unpack it on the way: zcat FILE | groundswell ingest")
            }
            return try StandardInputSpool(source, format: format, bytes: bytes, records: records)
        }
    }

    /// Reads a file of JSON Lines from `offset` on: to its present end, or for ever if it `grows`.
    package init(path: String, from offset: Int64, grows: Bool, bytes: Int, records: Int) {
        name = path
        open = { () throws(FeedError) in
            let source: any ByteSource =
                grows ? try GrowingBytes(path: path, offset: offset) : try FileBytes(path: path, offset: offset)
            return try StandardInputSpool(lines: source, from: offset, bytes: bytes, records: records)
        }
    }

    /// Reads what is there, until a batch is full.
    package func gather() throws(FeedError) -> Outcome {
        do throws(FeedError) {
            if spool == nil { spool = try open() }
        } catch .quiet {
            return .quiet
        }
        switch try spool?.gather() {
        case .full: return .full
        case .quiet, nil: return .quiet
        case .ended: return .ended
        }
    }

    package var isEmpty: Bool { spool?.isEmpty ?? true }

    /// Hands out what is held; `nil` when that is nothing.
    package func take() throws(FeedError) -> LiveChunk? {
        guard let spool, let chunk = try spool.take() else { return nil }
        return LiveChunk(chunk: chunk, end: spool.position)
    }

    /// What tells a file of JSON Lines from others that had or will have its name: its first line, or 1 KiB of it.
    ///
    /// `nil` while that is not written yet. Posts differ, so their first lines do; and unlike the number of a file it stays
    /// when a file is copied.
    ///
    /// - Throws: `FeedError` for what cannot be read line by line.
    package static func identity(of path: String, grows: Bool) throws(FeedError) -> String? {
        let bytes = try FileBytes(path: path).bytes(at: 0, limit: 1024)
        guard SourceProbe.compression(of: bytes) == .none else {
            throw .unreadable(path: path, reason: "is compressed; unpack it on the way: zcat FILE | groundswell ingest")
        }
        let line = bytes.prefix { $0 != 0x0A }
        guard line.count < bytes.count || bytes.count == 1024 || (!grows && !bytes.isEmpty) else { return nil }
        guard try SourceProbe.format(of: bytes, path: path) == .jsonLines else {
            throw .unreadable(path: path, reason: "is not JSON Lines; CSV files can be submitted, or piped in")
        }
        return String(MurmurHash3.hash64(String(decoding: line, as: UTF8.self)), radix: 16)
    }
}
