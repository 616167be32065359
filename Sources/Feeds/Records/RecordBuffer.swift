#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// One record of a source, in memory that is valid until the next one is asked for.
struct RawRecord {
    enum Condition {
        case whole
        /// Longer than `FeedBounds.recordBytes`; only its beginning is in memory.
        case tooLong
        /// A CSV record whose quote never closes; this is its first line.
        case openQuote
        /// The source ended early; this is what came of the last record, perhaps nothing.
        case damaged(String)
    }

    /// The byte at `start[count]` is readable and never part of the record; for whole lines it is a newline.
    let start: UnsafePointer<UInt8>
    let count: Int
    /// Bytes from the start of the (decompressed) source.
    let offset: Int64
    let condition: Condition

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
}

/// Cuts a stream of bytes into records with bounded memory.
///
/// Where records end depends on nothing but the bytes from a record's start, never on how the stream arrives, so any
/// cut of a source at record borders gives the same records as the whole.
final class RecordBuffer {
    /// How records are told apart.
    enum Framing: Equatable {
        case lines
        /// Newlines within quotes belong to the record.
        case csv(delimiters: CSVDelimiters)
    }

    var framing: Framing
    /// The offset of the next record.
    var offset: Int64 { base + Int64(low) }
    var damage: String? { source.damage }
    var name: String { source.name }

    private let source: any ByteSource
    private let memory: UnsafeMutablePointer<UInt8>
    private let capacity = FeedBounds.recordBytes + FeedBounds.blockBytes
    /// The source's offset of `memory[0]`.
    private var base: Int64
    private var low = 0
    private var high = 0
    /// No record ends before here: known from an earlier look at less data.
    private var seen = 0
    private var isAtEnd = false
    private var isFinished = false
    /// Within a line that was too long: drop everything up to its newline.
    private var isSkipping = false

    init(_ source: any ByteSource, offset: Int64, framing: Framing) {
        self.source = source
        self.framing = framing
        base = offset
        // Zeroed by the system page by page as it is touched, so a small source costs little.
        guard let zeroed = calloc(capacity + FeedBounds.slackBytes, 1) else {
            preconditionFailure("no memory for a buffer of \(capacity) bytes")
        }
        memory = zeroed.assumingMemoryBound(to: UInt8.self)
    }

    deinit { free(memory) }

    /// The next record, whole or not; `nil` at the end.
    func next() throws(FeedError) -> RawRecord? {
        while !isFinished {
            if isSkipping { try skipLine() }
            if let border = border() {
                if border - low > FeedBounds.recordBytes { return overlong() }
                return take(upTo: border, .whole)
            }
            if high - low > FeedBounds.recordBytes { return overlong() }
            if isAtEnd { return last() }
            try fill()
        }
        return nil
    }

    /// Drops a byte order mark before the first record.
    func skipByteOrderMark() throws(FeedError) {
        while high - low < 3, !isAtEnd { try fill() }
        if high - low >= 3, memory[low] == 0xEF, memory[low + 1] == 0xBB, memory[low + 2] == 0xBF { low += 3 }
    }

    /// Where the record that starts at `low` ends, if that is in memory.
    private func border() -> Int? {
        switch framing {
        case .lines:
            let found = newline(from: max(low, seen))
            if found == nil { seen = high }
            return found
        case .csv(let delimiters):
            guard let line = newline(from: low) else { return nil }
            guard memchr(memory + low, 0x22, line - low) != nil else { return line }
            return delimiters.recordEnd(in: UnsafePointer(memory), from: low, to: high)
        }
    }

    private func newline(from start: Int) -> Int? {
        guard let found = memchr(memory + start, 0x0A, high - start) else { return nil }
        return found - UnsafeMutableRawPointer(memory)
    }

    private func take(upTo border: Int, _ condition: RawRecord.Condition) -> RawRecord {
        defer { low = min(border + 1, high) }
        return record(upTo: border, condition)
    }

    private func record(upTo border: Int, _ condition: RawRecord.Condition) -> RawRecord {
        RawRecord(start: memory + low, count: border - low, offset: offset, condition: condition)
    }

    /// A record past the bound: a CSV record gives up its first line, where the quote must have gone wrong, and the
    /// lines behind it get another chance.
    private func overlong() -> RawRecord {
        if case .csv = framing, let line = newline(from: low), line - low <= FeedBounds.recordBytes {
            return take(upTo: line, .openQuote)
        }
        defer {
            isSkipping = true
            low += FeedBounds.recordBytes + 1
        }
        return record(upTo: low + FeedBounds.recordBytes + 1, .tooLong)
    }

    /// What is left when the source has ended: a record without newline, or the trace of a damage.
    private func last() -> RawRecord? {
        if let damage = source.damage {
            isFinished = true
            return take(upTo: high, .damaged(damage))
        }
        if case .csv = framing, let line = newline(from: low) { return take(upTo: line, .openQuote) }
        isFinished = true
        guard low < high else { return nil }
        memory[high] = 0x0A
        if case .csv(let delimiters) = framing, delimiters.isOpen(in: UnsafePointer(memory), from: low, to: high) {
            return take(upTo: high, .openQuote)
        }
        return take(upTo: high, .whole)
    }

    /// Drops bytes up to the next newline, or all when there is none.
    private func skipLine() throws(FeedError) {
        while isSkipping {
            let line = newline(from: low)
            low = line.map { $0 + 1 } ?? high
            isSkipping = line == nil && !isAtEnd
            if isSkipping { try fill() }
        }
    }

    /// Moves what is unread to the front and reads one block behind it.
    private func fill() throws(FeedError) {
        if low > 0 {
            memmove(memory, memory + low, high - low)
            base += Int64(low)
            seen = max(seen - low, 0)
            high -= low
            low = 0
        }
        let room = min(FeedBounds.blockBytes, capacity - high)
        let count = try source.read(into: UnsafeMutableRawBufferPointer(start: memory + high, count: room))
        high += count
        isAtEnd = count == 0
    }
}
