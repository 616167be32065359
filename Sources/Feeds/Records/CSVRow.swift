/// One cell of a CSV record, where it lies.
struct CSVCell {
    let start: UnsafePointer<UInt8>
    let count: Int
    /// Whether quotes within are written twice.
    let hasDoubledQuotes: Bool

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
}

/// Splits CSV records into cells, as RFC 4180 says, with one delimiter.
struct CSVRow {
    let delimiter: UInt8

    /// Replaces `cells` by those of a record without its newline.
    func split(_ record: RawRecord, into cells: inout [CSVCell]) throws(RecordFault) {
        cells.removeAll(keepingCapacity: true)
        var end = record.count
        if end > 0, record.start[end - 1] == 0x0D { end -= 1 }
        var at = 0
        while true {
            at = try appendCell(from: at, to: end, of: record.start, to: &cells)
            guard at < end else { break }
            at += 1
            if at == end { cells.append(CSVCell(start: record.start + at, count: 0, hasDoubledQuotes: false)) }
            guard at < end else { break }
        }
    }

    /// Appends one cell and gives the index of the delimiter behind it, or the end.
    private func appendCell(
        from start: Int, to end: Int, of bytes: UnsafePointer<UInt8>, to cells: inout [CSVCell]
    ) throws(RecordFault) -> Int {
        guard start < end, bytes[start] == 0x22 else {
            var at = start
            while at < end, bytes[at] != delimiter { at += 1 }
            cells.append(CSVCell(start: bytes + start, count: at - start, hasDoubledQuotes: false))
            return at
        }
        var at = start + 1
        var isDoubled = false
        while at < end {
            if bytes[at] != 0x22 {
                at += 1
            } else if at + 1 < end, bytes[at + 1] == 0x22 {
                isDoubled = true
                at += 2
            } else {
                break
            }
        }
        guard at < end else { throw RecordFault("not CSV: a quote is never closed") }
        guard at + 1 == end || bytes[at + 1] == delimiter else {
            throw RecordFault("not CSV: text follows a closing quote at byte \(at)")
        }
        cells.append(CSVCell(start: bytes + start + 1, count: at - start - 1, hasDoubledQuotes: isDoubled))
        return at + 1
    }

    /// The names in a header record: without spaces around them.
    func names(_ header: RawRecord) throws(RecordFault) -> [String] {
        var cells: [CSVCell] = []
        try split(header, into: &cells)
        var names: [String] = []
        for cell in cells {
            let text = try RawValue(cell).text(.text)
            let start = text.firstIndex { $0 != " " } ?? text.endIndex
            let end = text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? start
            names.append(String(text[start..<end]))
        }
        return names
    }
}
