/// Cuts a plain CSV file behind records, in one pass over it.
///
/// A class, since it owns the open file.
final class CSVCutter {
    let header: CSVHeader
    private let records: RecordBuffer
    private let bytes: Int64
    private let limit: Int

    /// `nil` for a file without header.
    init?(_ file: FileBytes, bytes: Int64, records limit: Int) throws(FeedError) {
        records = RecordBuffer(file, offset: 0, framing: .lines)
        guard let header = try records.csvHeader() else { return nil }
        self.header = header
        self.bytes = bytes
        self.limit = limit
        records.framing = .csv(delimiters: CSVDelimiters(header.delimiter))
    }

    func next() throws(FeedError) -> ShardCutter.Slice? {
        let start = records.offset
        var count = 0
        // Only the beginning of a line that is too long was seen: there is no border behind it yet.
        var isWithinLine = false
        while isWithinLine || count < limit && records.offset - start < bytes, let record = try records.next() {
            if case .tooLong = record.condition { isWithinLine = true } else { isWithinLine = false }
            count += 1
        }
        guard records.offset > start else { return nil }
        return ShardCutter.Slice(offset: start, length: records.offset - start)
    }
}
