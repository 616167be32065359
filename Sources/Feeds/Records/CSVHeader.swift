internal import Domain

/// The first record of a CSV source: its column names and, in passing, its delimiter.
struct CSVHeader: Equatable {
    let columns: [String]
    let delimiter: UInt8
    /// The record as it lies there, with a newline.
    let text: [UInt8]
    /// Where the first record behind it begins.
    let end: Int64

    /// Reads the header at the start of a plain file; `nil` when the file is empty.
    ///
    /// Shards hold no header, so it is read again for each: that costs one call and tells when a file was replaced.
    init?(of source: SourceDescription) throws(FeedError) {
        guard case .file(let path) = source.place else { return nil }
        let records = RecordBuffer(try FileBytes(path: path), offset: 0, framing: .lines)
        guard let header = try records.csvHeader() else { return nil }
        self = header
    }

    fileprivate init(_ record: RawRecord, end: Int64, name: String) throws(FeedError) {
        guard case .whole = record.condition, record.count <= FeedBounds.headerBytes else {
            throw .unreadable(
                path: name, reason: "its first line is no CSV header of at most \(FeedBounds.headerBytes) bytes")
        }
        self.end = end
        text = Array(record.bytes) + [0x0A]
        delimiter = CSVDelimiters.detected(in: record.bytes)
        do throws(RecordFault) {
            columns = try CSVRow(delimiter: delimiter).names(record)
        } catch {
            throw .unreadable(path: name, reason: "its first line is no CSV header (\(error.reason))")
        }
    }
}

extension RecordBuffer {
    /// Takes the header from a source that starts with it; `nil` when the source ends, whole or broken, before that.
    func csvHeader() throws(FeedError) -> CSVHeader? {
        try skipByteOrderMark()
        framing = .csv(delimiters: .any)
        guard let record = try next() else { return nil }
        if case .damaged = record.condition { return nil }
        return try CSVHeader(record, end: offset, name: name)
    }
}
