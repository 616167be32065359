import Domain
import Sketches

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension WireRollups {
    init(_ rollups: [RollupKey: Measures], _ languages: WireTexts, _ numbers: [Int]) {
        self.init()
        var rows: [(order: WireOrder, key: RollupKey, measures: Measures)] = []
        rows.reserveCapacity(rollups.count)
        for ((key, measures), number) in zip(rollups, numbers) {
            let language = languages.place(of: number)
            let upper = UInt64(key.grain.rawValue) << 32 | UInt64(key.brand) << 8 | UInt64(key.platform.rawValue)
            rows.append((WireOrder(upper: upper, lower: UInt64(language), start: key.start), key, measures))
        }
        rows.sort { $0.order < $1.order }
        grain = rows.map { UInt32($0.key.grain.rawValue) }.withoutZeroColumn
        brand = rows.map { UInt32($0.key.brand) }.withoutZeroColumn
        platform = rows.map { UInt32($0.key.platform.rawValue) }.withoutZeroColumn
        language = rows.map { UInt32($0.order.lower) }.withoutZeroColumn
        start = rows.map(\.order.start).differences
        setCounts(rows.map(\.measures))
        readings = ReadingCounts.Column.allCases.compactMap { WireReadingColumn($0, rows.map(\.measures.readings)) }
        var sketches: [UInt8] = []
        authorsLength = rows.map { row in
            row.measures.authors.isEmpty ? 0 : UInt32(row.measures.authors.append(to: &sketches))
        }
        authorsLength = authorsLength.withoutZeroColumn
        authors = Data(sketches)
    }

    func rows(_ keys: WireKey) throws(PartialError) -> [RollupKey: Measures] {
        let count = start.count
        let grain = try WireColumn(grain, rows: count, "grain")
        let brand = try WireColumn(brand, rows: count, "brand")
        let platform = try WireColumn(platform, rows: count, "platform")
        let language = try WireColumn(language, rows: count, "language")
        let start = start.runningSums
        var measures = try sketches(rows: count)
        try readCounts(into: &measures)
        try readReadings(into: &measures)
        var rows = [RollupKey: Measures](minimumCapacity: count)
        for row in 0..<count {
            let grain = try keys.grain(grain[row])
            let key = RollupKey(
                grain: grain, start: try keys.start(start[row], grain), brand: try keys.brand(brand[row]),
                platform: try keys.platform(platform[row]), language: try keys.language(language[row]))
            guard rows.updateValue(measures[row], forKey: key) == nil else {
                throw .invalid("rollup \(key) comes twice")
            }
        }
        return rows
    }

    /// Rows that have their authors and nothing else yet.
    private func sketches(rows: Int) throws(PartialError) -> [Measures] {
        let lengths = try WireColumn(authorsLength, rows: rows, "authors_length")
        let bytes = Array(authors)
        var measures: [Measures] = []
        measures.reserveCapacity(rows)
        var start = 0
        for row in 0..<rows {
            var entry = Measures()
            let length = Int(lengths[row])
            guard length <= bytes.count - start else { throw .invalid("the sketch of row \(row) is cut off") }
            if length > 0 { entry.authors = try Self.sketch(bytes, start..<(start + length)) }
            start += length
            measures.append(entry)
        }
        guard start == bytes.count else { throw .invalid("\(bytes.count - start) bytes follow the last sketch") }
        return measures
    }

    private static func sketch(_ bytes: [UInt8], _ range: Range<Int>) throws(PartialError) -> HyperLogLog {
        let sketch: Result<HyperLogLog, SketchError> = bytes.withUnsafeBytes { raw in
            Result { () throws(SketchError) in try HyperLogLog(raw: UnsafeRawBufferPointer(rebasing: raw[range])) }
        }
        switch sketch {
        case .success(let sketch): return sketch
        case .failure(let error): throw .invalid(error.description)
        }
    }
}

extension WireRollups {
    private mutating func setCounts(_ rows: [Measures]) {
        posts = rows.map(\.posts).withoutZeroColumn
        reposts = rows.map(\.reposts).withoutZeroColumn
        replies = rows.map(\.replies).withoutZeroColumn
        quotes = rows.map(\.quotes).withoutZeroColumn
        withMedia = rows.map(\.withMedia).withoutZeroColumn
        negative = rows.map(\.negative).withoutZeroColumn
        neutral = rows.map(\.neutral).withoutZeroColumn
        positive = rows.map(\.positive).withoutZeroColumn
        unsure = rows.map(\.unsure).withoutZeroColumn
        negativeSum = rows.map(\.negativeSum).withoutZeroColumn
        neutralSum = rows.map(\.neutralSum).withoutZeroColumn
        positiveSum = rows.map(\.positiveSum).withoutZeroColumn
        engagement = rows.map(\.engagement).withoutZeroColumn
        reach = rows.map(\.reach).withoutZeroColumn
        reachKnown = rows.map(\.reachKnown).withoutZeroColumn
    }

    private func readReadings(into rows: inout [Measures]) throws(PartialError) {
        var last = -1
        for wire in readings {
            guard let column = ReadingCounts.Column(rawValue: Int(wire.column)), column.rawValue > last else {
                throw .invalid("column \(wire.column) of the readings")
            }
            last = column.rawValue
            let counts = try WireCounts(wire.counts, rows: rows.count, "readings")
            for row in rows.indices { rows[row].readings[column] = counts[row] }
        }
    }

    private func readCounts(into rows: inout [Measures]) throws(PartialError) {
        let posts = try WireCounts(posts, rows: rows.count, "posts")
        let reposts = try WireCounts(reposts, rows: rows.count, "reposts")
        let replies = try WireCounts(replies, rows: rows.count, "replies")
        let quotes = try WireCounts(quotes, rows: rows.count, "quotes")
        let withMedia = try WireCounts(withMedia, rows: rows.count, "with_media")
        let negative = try WireCounts(negative, rows: rows.count, "negative")
        let neutral = try WireCounts(neutral, rows: rows.count, "neutral")
        let positive = try WireCounts(positive, rows: rows.count, "positive")
        let unsure = try WireCounts(unsure, rows: rows.count, "unsure")
        let negativeSum = try WireCounts(negativeSum, rows: rows.count, "negative_sum")
        let neutralSum = try WireCounts(neutralSum, rows: rows.count, "neutral_sum")
        let positiveSum = try WireCounts(positiveSum, rows: rows.count, "positive_sum")
        let engagement = try WireCounts(engagement, rows: rows.count, "engagement")
        let reach = try WireCounts(reach, rows: rows.count, "reach")
        let reachKnown = try WireCounts(reachKnown, rows: rows.count, "reach_known")
        for row in rows.indices {
            rows[row].posts = posts[row]
            rows[row].reposts = reposts[row]
            rows[row].replies = replies[row]
            rows[row].quotes = quotes[row]
            rows[row].withMedia = withMedia[row]
            rows[row].negative = negative[row]
            rows[row].neutral = neutral[row]
            rows[row].positive = positive[row]
            rows[row].unsure = unsure[row]
            rows[row].negativeSum = negativeSum[row]
            rows[row].neutralSum = neutralSum[row]
            rows[row].positiveSum = positiveSum[row]
            rows[row].engagement = engagement[row]
            rows[row].reach = reach[row]
            rows[row].reachKnown = reachKnown[row]
        }
    }
}

extension WireReadingColumn {
    /// Nothing for a column of zeros.
    init?(_ column: ReadingCounts.Column, _ rows: [ReadingCounts]) {
        let counts = rows.map { $0[column] }.withoutZeroColumn
        guard !counts.isEmpty else { return nil }
        self.init()
        self.column = UInt32(column.rawValue)
        self.counts = counts
    }
}
