/// Rows for COPY in binary format, sent in pieces.
package struct CopyWriter {
    private var writer = BinaryWriter()
    private let columns: Int16
    private let send: ([UInt8]) throws(PostgresError) -> Void

    /// A libpq call for each piece: large enough to be rare, small enough to keep memory flat.
    private static let pieceSize = 256 << 10

    init(columns: Int, send: @escaping ([UInt8]) throws(PostgresError) -> Void) {
        self.columns = Int16(columns)
        self.send = send
        writer.bytes.reserveCapacity(Self.pieceSize + 4096)
        writer.bytes.append(contentsOf: Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00])
        writer.append(Int32(0))
        writer.append(Int32(0))
    }

    /// Begins a row; as many fields as the copy has columns must follow.
    package mutating func row() throws(PostgresError) {
        if writer.bytes.count >= Self.pieceSize { try flush() }
        writer.append(columns)
    }

    package mutating func int2(_ value: Int16) { writer.appendField(value) }
    package mutating func int4(_ value: Int32) { writer.appendField(value) }
    package mutating func int8(_ value: Int64) { writer.appendField(value) }
    package mutating func bytea(_ value: [UInt8]) { writer.appendField(value) }
    package mutating func null() { writer.appendNull() }

    package mutating func text(_ value: String) { writer.appendText(value) }

    /// A `text[]`.
    package mutating func texts(_ values: [String]) {
        writer.appendField(PostgresParameter.texts(values).bytes ?? [])
    }

    mutating func finish() throws(PostgresError) {
        writer.append(Int16(-1))
        try flush()
    }

    private mutating func flush() throws(PostgresError) {
        try send(writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
    }
}
