import Domain
import Store

/// Trend rows as a table, and as charts.
struct TrendTable {
    let rows: [TrendRow]
    let grain: Grain
    /// What rows are divided by beside brand and window; `nil` for nothing.
    let group: String?

    var table: Table {
        var columns = [grain.name, "brand"]
        if let group { columns.append(group) }
        columns += [
            "posts", "reposts", "authors", "negative", "neutral", "positive", "unsure", "net", "engagement", "reach",
        ]
        return Table(
            columns,
            rows: rows.map { row in
                var cells: [Table.Cell] = [.text(Figures.time(row.start, grain: grain)), .text(row.brand)]
                if group != nil { cells.append(row.group.map { .text($0) } ?? .missing) }
                cells += [
                    .integer(row.posts), .integer(row.reposts), .integer(row.distinctAuthors), .integer(row.negative),
                    .integer(row.neutral), .integer(row.positive), .integer(row.unsure),
                    row.netSentiment.map { .decimal($0, places: 3) } ?? .missing, .integer(row.engagement),
                    .integer(row.reach),
                ]
                return cells
            })
    }

    /// Posts and net sentiment of each brand over time.
    func chart(width: Int) -> String {
        guard let first = rows.map(\.start).min(), let last = rows.map(\.start).max() else { return "no data\n" }
        let step = grain.seconds
        let windows = Int((last.seconds - first.seconds) / step) + 1
        func series(_ value: (TrendRow) -> Double?, missing: Double?) -> [TerminalChart.Series] {
            var brands: [String] = []
            var values: [String: [Double?]] = [:]
            for row in rows {
                if values[row.brand] == nil {
                    brands.append(row.brand)
                    values[row.brand] = Array(repeating: missing, count: windows)
                }
                values[row.brand]?[Int((row.start.seconds - first.seconds) / step)] = value(row)
            }
            return brands.sorted().map { TerminalChart.Series(name: $0, values: values[$0] ?? []) }
        }
        let span = "\(Figures.time(first, grain: grain)) … \(Figures.time(last, grain: grain))"
        return "posts per \(grain.name), \(span)\n"
            + TerminalChart.drawn(series({ Double($0.posts) }, missing: 0), width: width)
            + "\nnet sentiment per \(grain.name), -1 … 1\n"
            + TerminalChart.drawn(series(\.netSentiment, missing: nil), width: width, range: -0.6...0.6)
    }
}
