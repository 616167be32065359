import Domain

extension WireTerms {
    init(_ terms: [TermKey: Int64], _ languages: WireTexts, _ numbers: [Int]) {
        self.init()
        var table = WireTexts()
        let termNumbers = terms.keys.map { table.intern($0.term) }
        table.sort()
        var rows: [(order: WireOrder, count: Int64)] = []
        rows.reserveCapacity(terms.count)
        for (((key, count), language), term) in zip(zip(terms, numbers), termNumbers) {
            let upper = UInt64(key.kind.rawValue) << 32 | UInt64(table.place(of: term))
            let lower =
                UInt64(key.brand) << 40 | UInt64(key.platform.rawValue) << 32 | UInt64(languages.place(of: language))
            rows.append((WireOrder(upper: upper, lower: lower, start: key.start), count))
        }
        rows.sort { $0.order < $1.order }
        texts = table.texts
        kind = rows.map { UInt32($0.order.upper >> 32) }.withoutZeroColumn
        text = rows.map { UInt32(truncatingIfNeeded: $0.order.upper) }.withoutZeroColumn
        brand = rows.map { UInt32($0.order.lower >> 40) }.withoutZeroColumn
        platform = rows.map { UInt32($0.order.lower >> 32 & 0xff) }.withoutZeroColumn
        language = rows.map { UInt32(truncatingIfNeeded: $0.order.lower) }.withoutZeroColumn
        start = rows.map(\.order.start).differences
        count = rows.map(\.count).withoutZeroColumn
    }

    func rows(_ keys: WireKey) throws(PartialError) -> [TermKey: Int64] {
        let rowCount = start.count
        let kind = try WireColumn(kind, rows: rowCount, "kind")
        let text = try WireColumn(text, rows: rowCount, "text")
        let brand = try WireColumn(brand, rows: rowCount, "brand")
        let platform = try WireColumn(platform, rows: rowCount, "platform")
        let language = try WireColumn(language, rows: rowCount, "language")
        let count = try WireCounts(count, rows: rowCount, "count")
        let start = start.runningSums
        let texts = texts
        var rows = [TermKey: Int64](minimumCapacity: rowCount)
        for row in 0..<rowCount {
            guard Int(text[row]) < texts.count else { throw .invalid("term \(text[row]) of \(texts.count)") }
            let key = TermKey(
                start: try keys.start(start[row], .hour), brand: try keys.brand(brand[row]),
                platform: try keys.platform(platform[row]), language: try keys.language(language[row]),
                kind: try keys.kind(kind[row]), term: texts[Int(text[row])])
            guard rows.updateValue(count[row], forKey: key) == nil else { throw .invalid("term \(key) comes twice") }
        }
        return rows
    }
}
