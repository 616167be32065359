/// The lines of a file that holds something other than posts, such as labelled texts; plain or compressed.
package final class LineFile {
    private let records: RecordBuffer

    /// - Throws: `FeedError` when the file cannot be read.
    package init(path: String) throws(FeedError) {
        let compression = SourceProbe.compression(of: try FileBytes(path: path).bytes(at: 0, limit: 4))
        records = RecordBuffer(decoded(try FileBytes(path: path), compression), offset: 0, framing: .lines)
        try records.skipByteOrderMark()
    }

    /// The next line without its end; `nil` at the end.
    ///
    /// - Throws: `FeedError.unreadable` for a line that is too long or where a compressed file breaks off.
    package func next() throws(FeedError) -> [UInt8]? {
        guard let record = try records.next() else { return nil }
        switch record.condition {
        case .whole, .openQuote: return Array(record.bytes)
        case .tooLong:
            throw .unreadable(path: records.name, reason: "has a line longer than \(FeedBounds.recordBytes) bytes")
        case .damaged(let reason): throw .unreadable(path: records.name, reason: reason)
        }
    }
}
