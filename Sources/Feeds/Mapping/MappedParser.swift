internal import Domain

/// Makes posts of foreign JSON lines, as a mapping says.
///
/// A class, since it reuses its memory from record to record.
final class MappedParser {
    private let tree: PathTree
    private let assembler: RecordAssembler
    private var slots: [RawValue] = []

    init(plan: MappingPlan, latest: Timestamp, sourceName: String) {
        tree = PathTree(plan.paths)
        assembler = RecordAssembler(plan: plan, latest: latest, sourceName: sourceName)
    }

    func post(_ record: RawRecord) throws(RecordFault) -> Post {
        var scanner = JSONScanner(record.start, count: record.count)
        slots.removeAll(keepingCapacity: true)
        let absent = RawValue(kind: .absent, start: record.start, count: 0)
        for _ in MappingTarget.allCases.indices { slots.append(absent) }
        guard scanner.peek() == 0x7B else { throw scanner.fault("the line is no object") }
        try tree.collect(from: &scanner, into: &slots)
        try scanner.end()
        return try assembler.post(slots, offset: record.offset)
    }
}

/// Makes posts of CSV records, as a mapping and the header say.
///
/// A class, since it reuses its memory from record to record.
final class CSVParser {
    private let row: CSVRow
    private let columns: Int
    /// By slot: the index of its column.
    private let sources: [Int?]
    private let assembler: RecordAssembler
    private var cells: [CSVCell] = []
    private var slots: [RawValue] = []

    init(header: CSVHeader, mapping: SourceMapping, latest: Timestamp, sourceName: String) throws(FeedError) {
        let plan = try MappingPlan(mapping, columns: header.columns)
        row = CSVRow(delimiter: header.delimiter)
        columns = header.columns.count
        sources = plan.paths.map { path in path.flatMap { header.columns.firstIndex(of: $0) } }
        assembler = RecordAssembler(plan: plan, latest: latest, sourceName: sourceName)
    }

    func post(_ record: RawRecord) throws(RecordFault) -> Post {
        try row.split(record, into: &cells)
        guard cells.count == columns else { throw RecordFault("\(cells.count) cells, the header has \(columns)") }
        slots.removeAll(keepingCapacity: true)
        for source in sources {
            slots.append(source.map { RawValue(cells[$0]) } ?? RawValue(kind: .absent, start: record.start, count: 0))
        }
        return try assembler.post(slots, offset: record.offset)
    }
}
