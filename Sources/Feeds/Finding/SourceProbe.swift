internal import Domain

/// Finds out what a file holds: from its name, else from its first bytes.
struct SourceProbe {
    let compression: SourceDescription.Compression
    let format: SourceDescription.Format

    private static let headBytes = 4096

    /// What a name says; `nil` where it says nothing.
    static func kinds(of path: String) -> (SourceDescription.Format?, SourceDescription.Compression?) {
        var name = Substring(path.split(separator: "/").last ?? "").lowercased()[...]
        var compression: SourceDescription.Compression?
        for (suffix, kind) in [(".gz", SourceDescription.Compression.gzip), (".zst", .zstd)]
        where name.hasSuffix(suffix) {
            compression = kind
            name = name.dropLast(suffix.count)
        }
        for suffix in [".jsonl", ".ndjson", ".json"] where name.hasSuffix(suffix) { return (.jsonLines, compression) }
        for suffix in [".csv", ".tsv"] where name.hasSuffix(suffix) { return (.csv, compression) }
        return (nil, compression)
    }

    /// Opens the file, so that missing rights show before a job begins.
    init(path: String, format override: SourceDescription.Format?) throws(FeedError) {
        let (named, packed) = Self.kinds(of: path)
        let first = try FileBytes(path: path).bytes(at: 0, limit: 4)
        let seen = Self.compression(of: first)
        compression = seen == .none ? packed ?? .none : seen
        let head = try Self.head(of: decoded(FileBytes(path: path), compression))
        if let known = override ?? named { format = known } else { format = try Self.format(of: head, path: path) }
        try Self.check(head, format: format, path: path)
    }

    /// What the first bytes of a stream say.
    static func compression(of bytes: [UInt8]) -> SourceDescription.Compression {
        if bytes.starts(with: [0x1F, 0x8B]) { return .gzip }
        if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
        return .none
    }

    /// JSON Lines begin with a brace; CSV with anything that is text.
    static func format(of head: [UInt8], path: String) throws(FeedError) -> SourceDescription.Format {
        if head.contains(0) {
            throw .unreadable(path: path, reason: "is neither JSON Lines nor CSV: it holds bytes that are no text")
        }
        let first = text(head).first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        return first == 0x7B || first == 0x5B ? .jsonLines : .csv
    }

    /// Kinds that look near but cannot be read line by line.
    static func check(_ head: [UInt8], format: SourceDescription.Format, path: String) throws(FeedError) {
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            throw .unreadable(path: path, reason: "is UTF-16; convert it: iconv -f UTF-16 -t UTF-8 FILE")
        }
        let first = text(head).first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        if format == .jsonLines, first == 0x5B {
            throw .unreadable(
                path: path, reason: "is one JSON list, not an object a line; convert it: jq -c '.[]' FILE > FILE.jsonl")
        }
    }

    private static func text(_ head: [UInt8]) -> ArraySlice<UInt8> {
        head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    }

    private static func head(of source: any ByteSource) throws(FeedError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: headBytes, alignment: 16)
        defer { buffer.deallocate() }
        return Array(buffer[..<(try source.read(into: buffer))])
    }
}
