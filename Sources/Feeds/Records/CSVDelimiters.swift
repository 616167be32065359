/// What separates the cells of a CSV source: one byte, or any of three while the header is read.
struct CSVDelimiters: Equatable {
    private let first: UInt8
    private let second: UInt8
    private let third: UInt8

    static let candidates: [UInt8] = [0x2C, 0x3B, 0x09]
    /// Before the delimiter is known.
    static let any = CSVDelimiters(first: 0x2C, second: 0x3B, third: 0x09)

    private init(first: UInt8, second: UInt8, third: UInt8) {
        self.first = first
        self.second = second
        self.third = third
    }

    init(_ only: UInt8) { self.init(first: only, second: only, third: only) }

    func contains(_ byte: UInt8) -> Bool { byte == first || byte == second || byte == third }

    /// The index of the newline that ends the record, if the bytes hold it.
    ///
    /// A quote opens only at the start of a cell, so `5" pipe` is text; within quotes a doubled quote is one quote.
    func recordEnd(in bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int? {
        var scan = CSVScan(delimiters: self)
        var at = start
        while at < end {
            if scan.endsRecord(at: bytes[at]) { return at }
            at += 1
        }
        return nil
    }

    /// Whether a quote is still open at the end.
    func isOpen(in bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Bool {
        var scan = CSVScan(delimiters: self)
        for at in start..<end { _ = scan.endsRecord(at: bytes[at]) }
        return scan.isOpen
    }

    /// The delimiter that splits the header into most cells; a comma if none does.
    static func detected(in header: UnsafeBufferPointer<UInt8>) -> UInt8 {
        var counts = [0, 0, 0]
        var isQuoted = false
        for byte in header {
            if byte == 0x22 {
                isQuoted.toggle()
            } else if !isQuoted, let index = candidates.firstIndex(of: byte) {
                counts[index] += 1
            }
        }
        guard let most = counts.max(), most > 0, let index = counts.firstIndex(of: most) else { return 0x2C }
        return candidates[index]
    }
}

/// Follows quotes through a CSV record, byte by byte.
private struct CSVScan {
    private enum State { case cellStart, plain, quoted, quoteInQuoted }

    let delimiters: CSVDelimiters
    private var state = State.cellStart

    init(delimiters: CSVDelimiters) { self.delimiters = delimiters }

    var isOpen: Bool { state == .quoted }

    /// Takes the next byte and gives whether it is the newline behind the record.
    mutating func endsRecord(at byte: UInt8) -> Bool {
        if state == .quoted {
            if byte == 0x22 { state = .quoteInQuoted }
            return false
        }
        if byte == 0x0A { return true }
        if byte == 0x22, state != .plain {
            // At a cell's start it opens; behind a quote it is the second of a doubled one.
            state = .quoted
        } else {
            state = delimiters.contains(byte) ? .cellStart : .plain
        }
        return false
    }
}
