internal import Postgres
internal import Trends

/// Measures of many rows turned into one array for each column, in the order of the table.
struct MeasureColumns {
    static let names = [
        "posts", "reposts", "replies", "quotes", "with_media", "negative", "neutral", "positive", "unsure",
        "negative_sum", "neutral_sum", "positive_sum", "engagement", "reach", "reach_known",
    ]

    /// Column after column, each as long as there are rows.
    private var numbers: [Int64]
    private let rows: Int

    init(_ measures: [Measures], _ indices: [Int]) {
        rows = indices.count
        let rows = rows
        // One pass over the rows: they are large and lie apart in memory.
        numbers = [Int64](unsafeUninitializedCapacity: rows * Self.names.count) { numbers, count in
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
            }
            count = rows * Self.names.count
        }
    }

    var parameters: [PostgresParameter] {
        Self.names.indices.map { column in .int8s(Array(numbers[column * rows..<(column + 1) * rows])) }
    }
}
