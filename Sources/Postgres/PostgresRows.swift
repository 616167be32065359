internal import CLibPQ

/// The rows of a result, in PostgreSQL's binary format: raw pointers of results stay in this file.
///
/// libpq documents results as unchangeable and free to pass between threads.
package final class PostgresRows: @unchecked Sendable, RandomAccessCollection {
    private let result: OpaquePointer
    package let endIndex: Int
    package let startIndex = 0

    /// Takes ownership.
    init(_ result: OpaquePointer) {
        self.result = result
        endIndex = Int(PQntuples(result))
    }

    deinit { PQclear(result) }

    package subscript(position: Int) -> PostgresRow {
        precondition(position >= 0 && position < endIndex, "row \(position) of \(endIndex)")
        return PostgresRow(rows: self, index: Int32(position))
    }

    /// How many rows an INSERT, UPDATE or DELETE touched.
    package var affected: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// The columns' names, in order.
    package var columns: [String] { (0..<PQnfields(result)).map(name) }

    fileprivate func name(_ column: Int32) -> String { PQfname(result, column).map { String(cString: $0) } ?? "?" }

    /// The field's bytes; `nil` for NULL.
    fileprivate func field<Value>(_ row: Int32, _ column: Int, _ read: (UnsafeRawBufferPointer) -> Value) -> Value? {
        let column = Int32(column)
        precondition(column < PQnfields(result), "column \(column) of a result with \(PQnfields(result))")
        guard PQgetisnull(result, row, column) == 0 else { return nil }
        return read(
            UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        )
    }
}

/// One row of a result.
///
/// Reading a column as another type than it has, or NULL as a value, is a mistake of the program.
package struct PostgresRow {
    fileprivate let rows: PostgresRows
    fileprivate let index: Int32

    package func isNull(_ column: Int) -> Bool { rows.field(index, column) { _ in 0 } == nil }

    /// A `smallint`, `integer` or `bigint`.
    package func optionalInt(_ column: Int) -> Int64? { rows.field(index, column, integer) }
    package func int(_ column: Int) -> Int64 { present(optionalInt(column), column) }
    package func int32(_ column: Int) -> Int32 { Int32(truncatingIfNeeded: int(column)) }
    package func int16(_ column: Int) -> Int16 { Int16(truncatingIfNeeded: int(column)) }

    package func optionalDouble(_ column: Int) -> Double? {
        rows.field(index, column) { raw in
            precondition(raw.count == 8, "a double precision has 8 bytes, not \(raw.count)")
            return Double(bitPattern: UInt64(bitPattern: integer(raw)))
        }
    }
    package func double(_ column: Int) -> Double { present(optionalDouble(column), column) }

    package func bool(_ column: Int) -> Bool { present(rows.field(index, column) { $0.first == 1 }, column) }

    package func optionalText(_ column: Int) -> String? {
        rows.field(index, column) { String(decoding: $0, as: UTF8.self) }
    }
    package func text(_ column: Int) -> String { present(optionalText(column), column) }

    package func optionalBytes(_ column: Int) -> [UInt8]? { rows.field(index, column) { Array($0) } }
    package func bytes(_ column: Int) -> [UInt8] { present(optionalBytes(column), column) }

    /// A `timestamptz`, in microseconds since 1970.
    package func optionalMicroseconds(_ column: Int) -> Int64? { optionalInt(column).map { $0 + PostgresTime.epoch } }
    package func microseconds(_ column: Int) -> Int64 { present(optionalMicroseconds(column), column) }

    /// A `text[]` of one dimension without NULLs.
    package func texts(_ column: Int) -> [String] {
        present(
            rows.field(index, column) { raw in
                guard raw.count >= 20 else { return [] }
                var texts: [String] = []
                var rest = raw.dropFirst(20)
                while rest.count >= 4 {
                    let length = Int(integer(UnsafeRawBufferPointer(rebasing: rest.prefix(4))))
                    rest = rest.dropFirst(4)
                    texts.append(String(decoding: rest.prefix(max(0, length)), as: UTF8.self))
                    rest = rest.dropFirst(max(0, length))
                }
                return texts
            }, column)
    }

    private func present<Value>(_ value: Value?, _ column: Int) -> Value {
        guard let value else { preconditionFailure("column '\(rows.name(Int32(column)))' is NULL") }
        return value
    }

    private func integer(_ raw: UnsafeRawBufferPointer) -> Int64 {
        switch raw.count {
        case 8: Int64(bigEndian: raw.loadUnaligned(as: Int64.self))
        case 4: Int64(Int32(bigEndian: raw.loadUnaligned(as: Int32.self)))
        case 2: Int64(Int16(bigEndian: raw.loadUnaligned(as: Int16.self)))
        default: preconditionFailure("an integer has 2, 4 or 8 bytes, not \(raw.count)")
        }
    }
}
