/// The number of a submitted job.
package struct JobID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package var description: String { String(rawValue) }
}

/// The name of a shard: its job and its index within the job, as one 8-byte number.
///
/// Redis carries only this number; PostgreSQL holds the description.
package struct ShardID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let job: JobID
    package let index: UInt32

    package init(job: JobID, index: UInt32) {
        self.job = job
        self.index = index
    }

    /// `job << 32 | index`, positive for every valid job.
    package var rawValue: Int64 { Int64(job.rawValue) << 32 | Int64(index) }

    package init(rawValue: Int64) {
        job = JobID(rawValue: Int32(truncatingIfNeeded: rawValue >> 32))
        index = UInt32(truncatingIfNeeded: rawValue)
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package var description: String { "\(job).\(index)" }
}

/// A class of work with its own streams: `live` is served before `bulk`.
package enum Lane: String, CaseIterable, Sendable, Hashable {
    case live
    case bulk
}

/// Where the bytes of a source are and how to read them.
package struct SourceDescription: Equatable, Sendable {
    package enum Format: UInt8, Sendable {
        case jsonLines = 0
        case csv = 1
    }

    package enum Compression: UInt8, Sendable {
        case none = 0
        case gzip = 1
        case zstd = 2
    }

    /// An absolute path that every worker can open, or the name of a payload kept in PostgreSQL.
    package enum Place: Equatable, Sendable {
        case file(path: String)
        case payload(name: String)
    }

    package var place: Place
    package var format: Format
    package var compression: Compression
    /// The column names of a CSV source, in order; empty for JSON Lines.
    package var columns: [String]

    package init(place: Place, format: Format, compression: Compression, columns: [String] = []) {
        self.place = place
        self.format = format
        self.compression = compression
        self.columns = columns
    }

    /// The name shown to users: the path, or the payload's name.
    package var name: String {
        switch place {
        case .file(let path): path
        case .payload(let name): name
        }
    }
}

/// One slice of a source, readable alone.
///
/// For a plain file, `offset` and `length` are bytes and both ends lie on record boundaries. For a compressed file the
/// shard is the whole file: `offset` 0 and `length` the compressed size.
package struct ShardDescription: Equatable, Sendable {
    package var id: ShardID
    package var source: SourceDescription
    package var offset: Int64
    package var length: Int64
    /// Which try this is, from 1.
    package var attempt: Int
    /// How many of its leases ended without a word: the worker may have died of it.
    package var deaths: Int
    /// When the posts of a live shard were accepted; `nil` for a slice of an archive.
    package var receivedAt: Timestamp?

    package init(
        id: ShardID, source: SourceDescription, offset: Int64, length: Int64, attempt: Int = 1, deaths: Int = 0,
        receivedAt: Timestamp? = nil
    ) {
        self.id = id
        self.source = source
        self.offset = offset
        self.length = length
        self.attempt = attempt
        self.deaths = deaths
        self.receivedAt = receivedAt
    }
}

/// A slice of one of a submission's sources.
package struct ShardSlice: Equatable, Sendable {
    /// Index into the submission's sources.
    package var source: Int
    package var offset: Int64
    package var length: Int64

    package init(source: Int, offset: Int64, length: Int64) {
        self.source = source
        self.offset = offset
        self.length = length
    }
}
