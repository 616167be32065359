internal import Compression
package import Domain

/// A piece of a stream, ready to be kept as a payload.
package struct SpooledChunk: Equatable, Sendable {
    /// One zstd frame.
    package var payload: [UInt8]
    package var format: SourceDescription.Format
    /// The `offset` of its shard: what to add to places in the payload, so that they count from the start of the
    /// (decompressed) stream.
    package var offset: Int64
    /// Bytes of the stream that it holds.
    package var length: Int64
    package var records: Int

    package var compression: SourceDescription.Compression { .zstd }

    /// The source of the chunk's shard, once the payload is kept under a name.
    package func source(named name: String) -> SourceDescription {
        SourceDescription(place: .payload(name: name), format: format, compression: compression)
    }
}

/// Cuts a stream that can be read only once, such as standard input, into payloads that workers read later.
///
/// Memory holds one chunk at a time. `next()` blocks while the stream has nothing to say, so call it from a thread
/// that may wait. Every CSV chunk repeats the header, so that each is a whole text of its own.
package final class StandardInputSpool {
    package let format: SourceDescription.Format
    /// Why the stream ended before it should have; known once `next` gave `nil`.
    package var damage: String? { records.damage ?? headerDamage }

    private let records: RecordBuffer
    private let header: [UInt8]
    private let headerDamage: String?
    private let bytes: Int
    private let limit: Int

    /// A piece that is being read.
    private struct Held {
        var start: Int64?
        var text: [UInt8] = []
        var count = 0
        /// Nothing more may be added.
        var isClosed = false
    }

    private var held = Held()

    /// Reads from a descriptor, which stays open; compression, and without `format` also that, is told by the first
    /// bytes.
    package convenience init(
        descriptor: Int32 = 0, name: String = "standard input", format: SourceDescription.Format? = nil,
        bytes: Int = Int(FeedBounds.shardBytes), records: Int = FeedBounds.shardPosts
    ) throws(FeedError) {
        let source = DescriptorBytes(descriptor: descriptor, name: name)
        try self.init(source, format: format, bytes: bytes, records: records)
    }

    init(_ source: any ByteSource, format: SourceDescription.Format?, bytes: Int, records limit: Int) throws(FeedError)
    {
        let raw = PeekedBytes(source)
        let compression = SourceProbe.compression(of: try raw.head(4))
        let text = PeekedBytes(decoded(raw, compression))
        let head = try text.head(4096)
        let detected = try SourceProbe.format(of: head, path: source.name)
        let format = format ?? detected
        try SourceProbe.check(head, format: format, path: source.name)
        let records = RecordBuffer(text, offset: 0, framing: .lines)
        self.format = format
        self.records = records
        self.bytes = bytes
        self.limit = limit
        var headerBytes: [UInt8] = []
        var damage: String?
        if format == .csv {
            if let header = try records.csvHeader() {
                headerBytes = header.text
                records.framing = .csv(delimiters: CSVDelimiters(header.delimiter))
            } else {
                damage = records.damage
            }
        } else {
            try records.skipByteOrderMark()
        }
        header = headerBytes
        headerDamage = damage
    }

    /// Goes on with plain lines that begin at `offset` of their stream.
    init(lines source: any ByteSource, from offset: Int64, bytes: Int, records limit: Int) throws(FeedError) {
        format = .jsonLines
        records = RecordBuffer(source, offset: offset, framing: .lines)
        header = []
        headerDamage = nil
        self.bytes = bytes
        self.limit = limit
        if offset == 0 { try records.skipByteOrderMark() }
    }

    /// What `gather` came to.
    enum Gathered {
        case full
        /// The stream has nothing more to say yet; what came is held.
        case quiet
        case ended
    }

    /// The next piece; `nil` at the end.
    package func next() throws(FeedError) -> SpooledChunk? {
        _ = try gather()
        return try take()
    }

    /// Reads on until the piece that is held is full.
    func gather() throws(FeedError) -> Gathered {
        while !isFull {
            let next: RawRecord?
            do throws(FeedError) {
                next = try records.next()
            } catch .quiet {
                return .quiet
            }
            guard let record = next else { return .ended }
            if case .damaged = record.condition { return .ended }
            if held.start == nil { held.start = record.offset }
            held.text.append(contentsOf: record.bytes)
            held.text.append(0x0A)
            held.count += 1
            // Only the beginning of such a line is kept, so offsets behind it need a new piece.
            if case .tooLong = record.condition { held.isClosed = true }
        }
        return .full
    }

    private var isFull: Bool { held.isClosed || held.count >= limit || held.text.count >= bytes }

    /// Bytes of the stream that were handed out or are held.
    var position: Int64 { records.offset }

    /// Whether nothing is held.
    var isEmpty: Bool { held.start == nil }

    /// Hands out what is held; `nil` when that is nothing.
    func take() throws(FeedError) -> SpooledChunk? {
        guard let start = held.start else { return nil }
        let text = header + held.text
        guard let payload = try? ZstdFrame.compressed(text) else {
            throw .unreadable(path: records.name, reason: "no memory to compress \(text.count) bytes")
        }
        defer { held = Held() }
        return SpooledChunk(
            payload: payload, format: format, offset: start - Int64(header.count), length: records.offset - start,
            records: held.count)
    }
}
