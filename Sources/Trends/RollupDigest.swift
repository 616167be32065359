import Crypto
package import Domain
import Sketches

/// A fingerprint of all rollup tables of a job that does not depend on the order of rows.
///
/// Each row has one canonical encoding; the first 16 bytes of its SHA-256, as a little-endian number, are added up
/// modulo 2^128 for each table. Integers are little-endian in their own width; a text or bytes value is its length as
/// 32 bits and then its bytes. A row begins with the number of its table:
/// - 1, rollups: grain (1 byte), start (8), brand (2), platform (1), language, then 8 bytes each for posts, reposts,
///   replies, quotes, with media, negative, neutral, positive, unsure, sums of negative, neutral and positive,
///   engagement, reach, posts with known reach, then the authors' sketch as the `hll` extension stores it; and when any
///   is not 0, 8 bytes for each of the `ReadingCounts`, by column;
/// - 2, terms: start (8), brand (2), platform (1), language, kind (1), term, count (8);
/// - 3, examples: start (8), brand (2), platform (1), language, hash (8), id, created at in milliseconds (8), author,
///   text, URL, negative and positive in millionths (8 each); the last three are preceded by a byte, 1 when present
///   and 0 when not (once for both probabilities), and absent ones take no further bytes;
/// - 4, quarantine: offset (8), reason, excerpt.
package struct RollupDigest: Equatable, Sendable {
    /// The sum over one table.
    private struct Table: Equatable, Sendable {
        var rows = 0
        var sum: UInt128 = 0
    }

    private var rollups = Table()
    private var terms = Table()
    private var examples = Table()
    private var quarantine = Table()
    private var row = CanonicalRow()

    package init() {}

    package init(of partial: Partial) {
        for (key, measures) in partial.rollups { add(rollup: key, measures) }
        for (key, count) in partial.terms { add(term: key, count) }
        for (key, sample) in partial.examples {
            for example in sample { add(example: key, example) }
        }
        for record in partial.quarantine { add(quarantined: record) }
    }

    package mutating func add(rollup key: RollupKey, _ measures: Measures) {
        row.begin(1)
        row.add(key.grain.rawValue)
        row.add(key.start)
        row.add(key.brand)
        row.add(key.platform.rawValue)
        row.add(key.language)
        row.add(measures)
        row.finish(&rollups.sum)
        rollups.rows += 1
    }

    package mutating func add(term key: TermKey, _ count: Int64) {
        row.begin(2)
        row.add(key.start)
        row.add(key.brand)
        row.add(key.platform.rawValue)
        row.add(key.language)
        row.add(key.kind.rawValue)
        row.add(key.term)
        row.add(count)
        row.finish(&terms.sum)
        terms.rows += 1
    }

    /// The rank within the sample does not enter: it follows from hash and id.
    ///
    /// Nor do reasons: they explain what was counted, and may be added later.
    package mutating func add(example key: ExampleKey, _ example: Example) {
        row.begin(3)
        row.add(key.start)
        row.add(key.brand)
        row.add(key.platform.rawValue)
        row.add(key.language)
        row.add(example)
        row.finish(&examples.sum)
        examples.rows += 1
    }

    /// The source does not enter, since a partial of several shards does not tell it.
    package mutating func add(quarantined record: QuarantinedRecord) {
        row.begin(4)
        row.add(record.offset)
        row.add(record.reason)
        row.add(record.excerpt)
        row.finish(&quarantine.sum)
        quarantine.rows += 1
    }

    /// One line a table, in a fixed order; the digest is 32 hexadecimal digits.
    package var lines: [(table: String, rows: Int, digest: String)] {
        [("rollups", rollups), ("terms", terms), ("examples", examples), ("quarantine", quarantine)].map {
            (table: $0.0, rows: $0.1.rows, digest: Self.hexadecimal($0.1.sum))
        }
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.rollups == right.rollups && left.terms == right.terms && left.examples == right.examples
            && left.quarantine == right.quarantine
    }

    private static func hexadecimal(_ sum: UInt128) -> String {
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

/// One row's canonical bytes; the storage is used again for the next row.
private struct CanonicalRow: Sendable {
    private var bytes: [UInt8] = []

    mutating func begin(_ table: UInt8) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(table)
    }

    mutating func add(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ text: String) {
        add(UInt32(truncatingIfNeeded: text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func add(_ value: [UInt8]) {
        add(UInt32(truncatingIfNeeded: value.count))
        bytes.append(contentsOf: value)
    }

    mutating func add(_ measures: Measures) {
        add(measures.posts)
        add(measures.reposts)
        add(measures.replies)
        add(measures.quotes)
        add(measures.withMedia)
        add(measures.negative)
        add(measures.neutral)
        add(measures.positive)
        add(measures.unsure)
        add(measures.negativeSum)
        add(measures.neutralSum)
        add(measures.positiveSum)
        add(measures.engagement)
        add(measures.reach)
        add(measures.reachKnown)
        add(measures.authors.bytes)
        guard !measures.readings.isZero else { return }
        for column in ReadingCounts.Column.allCases { add(measures.readings[column]) }
    }

    mutating func add(_ example: Example) {
        add(example.hash)
        add(example.id)
        add(example.createdAt.milliseconds)
        add(example.author)
        add(example.text)
        add(UInt8(example.url == nil ? 0 : 1))
        if let url = example.url { add(url) }
        add(UInt8(example.sentiment == nil ? 0 : 1))
        if let sentiment = example.sentiment {
            add(sentiment.negative)
            add(sentiment.positive)
            add(sentiment.label.rawValue)
        }
    }

    /// Adds the row's hash to a table's sum.
    func finish(_ sum: inout UInt128) {
        let hash = bytes.withUnsafeBytes { raw in
            SHA256.hash(data: raw).withUnsafeBytes { $0.loadUnaligned(as: UInt128.self) }
        }
        sum &+= UInt128(littleEndian: hash)
    }
}
