/// A chart for the terminal: one row of block characters per series, one column per window.
struct TerminalChart {
    struct Series {
        let name: String
        /// One value per window; `nil` where nothing is known.
        let values: [Double?]
    }

    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// - Parameters:
    ///   - width: columns for the values; longer series are averaged down to it.
    ///   - range: the values of the lowest and highest block; each series' own extremes when `nil`.
    static func drawn(_ series: [Series], width: Int, range: ClosedRange<Double>? = nil) -> String {
        let label = series.map(\.name.count).max() ?? 0
        return series.map { line in
            let values = resampled(line.values, to: width)
            let known = values.compactMap { $0 }
            let low = range?.lowerBound ?? min(0, known.min() ?? 0)
            let high = range?.upperBound ?? known.max() ?? 0
            let bars = String(values.map { block($0, low: low, high: high) })
            let gap = String(repeating: " ", count: label - line.name.count)
            return "\(line.name)\(gap)  \(bars)  \(legend(known, range: range))\n"
        }.joined()
    }

    private static func legend(_ known: [Double], range: ClosedRange<Double>?) -> String {
        guard let low = known.min(), let high = known.max() else { return "no data" }
        return range == nil
            ? "max \(Figures.grouped(high))"
            : "\(Figures.decimal(low, places: 2)) … \(Figures.decimal(high, places: 2))"
    }

    private static func block(_ value: Double?, low: Double, high: Double) -> Character {
        guard let value else { return " " }
        guard high > low else { return blocks[0] }
        let share = (min(max(value, low), high) - low) / (high - low)
        return blocks[Int((share * Double(blocks.count - 1)).rounded())]
    }

    private static func resampled(_ values: [Double?], to width: Int) -> [Double?] {
        guard values.count > width, width > 0 else { return values }
        return (0..<width).map { column in
            let known = values[(column * values.count / width)..<((column + 1) * values.count / width)].compactMap {
                $0
            }
            return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
        }
    }
}
