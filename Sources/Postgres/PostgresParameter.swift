/// One statement parameter in PostgreSQL's binary format.
///
/// Text cannot hold U+0000 in PostgreSQL: it is sent as U+FFFD, so that no single post can fail a whole batch.
package struct PostgresParameter: Sendable {
    let type: UInt32
    let bytes: [UInt8]?

    package static func bool(_ value: Bool) -> Self { Self(type: TypeID.bool, bytes: [value ? 1 : 0]) }
    package static func int2(_ value: Int16?) -> Self { scalar(TypeID.int2, value) }
    package static func int4(_ value: Int32?) -> Self { scalar(TypeID.int4, value) }
    package static func int8(_ value: Int64?) -> Self { scalar(TypeID.int8, value) }
    package static func double(_ value: Double?) -> Self {
        scalar(TypeID.float8, value.map { Int64(bitPattern: $0.bitPattern) })
    }
    package static func text(_ value: String?) -> Self {
        Self(type: TypeID.text, bytes: value.map { Array(PostgresText.storable($0).utf8) })
    }
    package static func bytea(_ value: [UInt8]?) -> Self { Self(type: TypeID.bytea, bytes: value) }

    /// A moment in microseconds since 1970.
    package static func timestamp(microseconds: Int64?) -> Self {
        scalar(TypeID.timestamptz, microseconds.map { $0 - PostgresTime.epoch })
    }

    // Arrays and no generic collections: this code is not specialised for callers in other modules, and boxed elements
    // would cost more than the server takes to store them.

    package static func int2s(_ values: [Int16]) -> Self { numbers(TypeID.int2s, TypeID.int2, values) }
    package static func int4s(_ values: [Int32]) -> Self { numbers(TypeID.int4s, TypeID.int4, values) }
    package static func int8s(_ values: [Int64]) -> Self { numbers(TypeID.int8s, TypeID.int8, values) }

    package static func timestamps(microseconds values: [Int64]) -> Self {
        numbers(TypeID.timestamptzs, TypeID.timestamptz, values.map { $0 - PostgresTime.epoch })
    }

    package static func texts(_ values: [String]) -> Self {
        array(TypeID.texts, TypeID.text, values) { $0.appendText($1) }
    }

    /// Texts of which some are NULL.
    package static func optionalTexts(_ values: [String?]) -> Self {
        array(TypeID.texts, TypeID.text, values) { writer, value in
            if let value { writer.appendText(value) } else { writer.appendNull() }
        }
    }

    /// Numbers of which some are NULL.
    package static func optionalInt8s(_ values: [Int64?]) -> Self {
        array(TypeID.int8s, TypeID.int8, values) { writer, value in
            if let value { writer.appendField(value) } else { writer.appendNull() }
        }
    }

    package static func byteas(_ values: [[UInt8]]) -> Self {
        array(TypeID.byteas, TypeID.bytea, values) { $0.appendField($1) }
    }

    private static func scalar(_ type: UInt32, _ value: (some FixedWidthInteger)?) -> Self {
        guard let value else { return Self(type: type, bytes: nil) }
        var writer = BinaryWriter()
        writer.append(value)
        return Self(type: type, bytes: writer.bytes)
    }

    private static func numbers<Number: FixedWidthInteger>(
        _ type: UInt32, _ element: UInt32, _ values: [Number]
    ) -> Self {
        var writer = BinaryWriter()
        writer.bytes.reserveCapacity(20 + values.count * (MemoryLayout<Number>.size + 4))
        writer.appendHeader(element, count: values.count)
        writer.appendFields(values)
        return Self(type: type, bytes: writer.bytes)
    }

    private static func array<Element>(
        _ type: UInt32, _ element: UInt32, _ values: [Element], _ append: (inout BinaryWriter, Element) -> Void
    ) -> Self {
        var writer = BinaryWriter()
        writer.bytes.reserveCapacity(20 + values.count * 16)
        writer.appendHeader(element, count: values.count)
        for value in values { append(&writer, value) }
        return Self(type: type, bytes: writer.bytes)
    }
}

/// The type numbers of PostgreSQL's own catalogue, the same in every version.
enum TypeID {
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let float8: UInt32 = 701
    static let byteas: UInt32 = 1001
    static let int2s: UInt32 = 1005
    static let int4s: UInt32 = 1007
    static let texts: UInt32 = 1009
    static let int8s: UInt32 = 1016
    static let timestamptz: UInt32 = 1184
    static let timestamptzs: UInt32 = 1185
}

package enum PostgresText {
    /// The text with each U+0000, which PostgreSQL cannot store, replaced by U+FFFD.
    package static func storable(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
    }
}

package enum PostgresTime {
    /// 2000-01-01, where PostgreSQL's clock starts, in microseconds since 1970.
    package static let epoch: Int64 = 946_684_800_000_000
}
