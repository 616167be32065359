package import Domain

/// Some records of a shard: what became of them.
package struct PostBatch: Equatable, Sendable {
    package var posts: [Post] = []
    package var quarantined: [QuarantinedRecord] = []
    /// Bytes of the (decompressed) source that these records and what lies between them take.
    package var bytes: Int64 = 0

    package init() {}
}

/// Reads the posts of one shard, batch by batch, with memory that does not grow with the shard.
///
/// A bad record becomes a `QuarantinedRecord` and the rest goes on. The reader throws only when the shard cannot be
/// read at all, or no more: then nothing of it may count. One task at a time.
package final class PostReader {
    private let records: RecordBuffer
    private let parser: RecordParser
    /// The trace of a CSV source that broke before its header ended.
    private var brokenHeader: QuarantinedRecord?

    /// Records to leave out unparsed, by their offset, each with the reason that goes into quarantine.
    package var skipped: [Int64: String] = [:]
    /// Told the offset of each record before anything of it is touched: a last word, should the record end the process.
    package var willRead: ((Int64) -> Void)?

    /// Opens a shard.
    ///
    /// For a file, `shard.offset` and `shard.length` are its range. For a payload, which always is a whole JSON Lines
    /// or CSV text of its own, `shard.offset` is only added to the offsets of records, so that they count from the
    /// start of the stream that the payload was cut from.
    ///
    /// - Parameters:
    ///   - payload: the bytes of a shard whose place is a payload.
    ///   - latest: posts which claim to be made later are quarantined.
    package init(
        shard: ShardDescription, payload: [UInt8]? = nil, mapping: SourceMapping? = nil, latest: Timestamp
    ) throws(FeedError) {
        let source = shard.source
        let bytes: any ByteSource
        switch source.place {
        case .file(let path): bytes = try FileBytes(path: path, offset: shard.offset, length: shard.length)
        case .payload(let name):
            guard let payload else { throw .payloadMissing(name: name) }
            bytes = MemoryBytes(payload, name: name)
        }
        let records = RecordBuffer(decoded(bytes, source.compression), offset: shard.offset, framing: .lines)
        self.records = records
        switch source.format {
        case .jsonLines:
            if shard.offset == 0 || source.isPayload { try records.skipByteOrderMark() }
            guard MappingPlan.isNeeded(mapping), let mapping else {
                parser = .normalised(NormalisedParser(latest: latest, platform: mapping?.platform))
                return
            }
            let plan = try MappingPlan(mapping)
            parser = .mapped(MappedParser(plan: plan, latest: latest, sourceName: source.name))
        case .csv:
            let startsWithHeader = shard.offset == 0 || source.isPayload || source.compression != .none
            guard let header = try startsWithHeader ? records.csvHeader() : CSVHeader(of: source) else {
                // Nothing, or nothing but the beginning of a header.
                let damage = records.damage.map { "\($0) within the CSV header" }
                brokenHeader = damage.map { QuarantinedRecord(offset: shard.offset, reason: $0, excerpt: []) }
                parser = .normalised(NormalisedParser(latest: latest))
                return
            }
            guard source.columns.isEmpty || source.columns == header.columns else { throw .changed(path: source.name) }
            records.framing = .csv(delimiters: CSVDelimiters(header.delimiter))
            parser = .csv(
                try CSVParser(
                    header: header, mapping: mapping ?? SourceMapping(), latest: latest, sourceName: source.name))
        }
    }

    /// The next records, at most `limit`; `nil` at the end.
    package func nextBatch(limit: Int = FeedBounds.batchRecords) throws(FeedError) -> PostBatch? {
        precondition(limit > 0, "a batch needs a limit above \(limit)")
        var batch = PostBatch()
        batch.posts.reserveCapacity(limit)
        if let record = brokenHeader.take() { batch.quarantined.append(record) }
        let start = records.offset
        var isAtEnd = false
        while batch.posts.count + batch.quarantined.count < limit {
            guard let record = try nextRecord() else {
                isAtEnd = true
                break
            }
            take(record, into: &batch)
        }
        batch.bytes = records.offset - start
        return isAtEnd && batch.posts.isEmpty && batch.quarantined.isEmpty && batch.bytes == 0 ? nil : batch
    }

    private func nextRecord() throws(FeedError) -> RawRecord? {
        guard let willRead else { return try records.next() }
        let expected = records.offset
        willRead(expected)
        let record = try records.next()
        // After a line that was too long the next one begins further on.
        if let record, record.offset != expected { willRead(record.offset) }
        return record
    }

    private func take(_ record: RawRecord, into batch: inout PostBatch) {
        if !skipped.isEmpty, let reason = skipped[record.offset] {
            batch.quarantined.append(QuarantinedRecord(offset: record.offset, reason: reason, excerpt: record.bytes))
            return
        }
        let reason: String
        switch record.condition {
        case .whole:
            if record.isBlank { return }
            do throws(RecordFault) {
                batch.posts.append(try parser.post(record))
                return
            } catch {
                reason = error.reason
            }
        case .tooLong: reason = "longer than \(FeedBounds.recordBytes) bytes"
        case .openQuote: reason = "not CSV: a quote is never closed"
        case .damaged(let damage): reason = "\(damage); what came before counts"
        }
        batch.quarantined.append(QuarantinedRecord(offset: record.offset, reason: reason, excerpt: record.bytes))
    }
}

/// What makes posts of records; which one depends on format and mapping.
private enum RecordParser {
    case normalised(NormalisedParser)
    case mapped(MappedParser)
    case csv(CSVParser)

    func post(_ record: RawRecord) throws(RecordFault) -> Post {
        switch self {
        case .normalised(let parser): try parser.post(record.start, count: record.count)
        case .mapped(let parser): try parser.post(record)
        case .csv(let parser): try parser.post(record)
        }
    }
}

extension RawRecord {
    /// Nothing but spaces, tabs and carriage returns.
    var isBlank: Bool {
        for byte in bytes where byte != 0x20 && byte != 0x09 && byte != 0x0D { return false }
        return true
    }
}

extension SourceDescription {
    var isPayload: Bool {
        if case .payload = place { return true }
        return false
    }
}
