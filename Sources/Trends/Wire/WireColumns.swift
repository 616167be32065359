/// Reads one column of a message: absent when all of it is zero.
struct WireColumn<Number: FixedWidthInteger> {
    private let numbers: [Number]

    init(_ numbers: [Number], rows: Int, _ name: StaticString) throws(PartialError) {
        guard numbers.isEmpty || numbers.count == rows else {
            throw .invalid("column \(name) has \(numbers.count) entries for \(rows) rows")
        }
        self.numbers = numbers
    }

    subscript(row: Int) -> Number { numbers.isEmpty ? 0 : numbers[row] }
}

/// A column of counts, which are never negative.
struct WireCounts {
    private let column: WireColumn<Int64>

    init(_ numbers: [Int64], rows: Int, _ name: StaticString) throws(PartialError) {
        column = try WireColumn(numbers, rows: rows, name)
        guard !numbers.contains(where: { $0 < 0 }) else { throw .invalid("column \(name) has a negative count") }
    }

    subscript(row: Int) -> Int64 { column[row] }
}

extension Array where Element: FixedWidthInteger {
    /// The column to write: nothing when all of it is zero.
    var withoutZeroColumn: [Element] { contains { $0 != 0 } ? self : [] }

    /// Each number less the one before it.
    var differences: [Element] {
        var last: Element = 0
        return map { number in
            defer { last = number }
            return number &- last
        }
    }

    /// The inverse of `differences`.
    var runningSums: [Element] {
        var sum: Element = 0
        return map { difference in
            sum = sum &+ difference
            return sum
        }
    }
}
