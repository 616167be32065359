internal import Postgres
internal import Trends

/// Measures of many rows turned into one array for each column, in the order of the table.
struct MeasureColumns {
    private static let plain = [
        "posts", "reposts", "replies", "quotes", "with_media", "negative", "neutral", "positive", "unsure",
        "negative_sum", "neutral_sum", "positive_sum", "engagement", "reach", "reach_known",
    ]

    /// The columns of a statement; those of readings only where a row has any, since they double its parameters.
    static func names(hasReadings: Bool) -> [String] {
        plain + (hasReadings ? ReadingCounts.Column.allCases.map(\.name) : [])
    }

    /// Column after column, each as long as there are rows.
    private var numbers: [Int64]
    private let rows: Int
    let hasReadings: Bool

    init(_ measures: [Measures], _ indices: [Int]) {
        rows = indices.count
        hasReadings = indices.contains { !measures[$0].readings.isZero }
        let (rows, hasReadings) = (rows, hasReadings)
        let columns = Self.names(hasReadings: hasReadings).count
        // One pass over the rows: they are large and lie apart in memory.
        numbers = [Int64](unsafeUninitializedCapacity: rows * columns) { numbers, count in
            for (row, index) in indices.enumerated() {
                var place = row
                func put(_ number: Int64) {
                    numbers[place] = number
                    place += rows
                }
                put(measures[index].posts)
                put(measures[index].reposts)
                put(measures[index].replies)
                put(measures[index].quotes)
                put(measures[index].withMedia)
                put(measures[index].negative)
                put(measures[index].neutral)
                put(measures[index].positive)
                put(measures[index].unsure)
                put(measures[index].negativeSum)
                put(measures[index].neutralSum)
                put(measures[index].positiveSum)
                put(measures[index].engagement)
                put(measures[index].reach)
                put(measures[index].reachKnown)
                guard hasReadings else { continue }
                for column in ReadingCounts.Column.allCases { put(measures[index].readings[column]) }
            }
            count = rows * columns
        }
    }

    var parameters: [PostgresParameter] {
        Self.names(hasReadings: hasReadings).indices.map { column in
            .int8s(Array(numbers[column * rows..<(column + 1) * rows]))
        }
    }
}

extension ReadingCounts.Column {
    /// The column of `gw.rollup`: the case's name in words joined by underscores.
    var name: String {
        String(describing: self).reduce(into: "") { name, letter in
            if letter.isUppercase { name += "_" }
            name += letter.lowercased()
        }
    }
}
