/// Big-endian bytes as PostgreSQL's binary protocol wants them.
struct BinaryWriter {
    var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// A field: its length, then its bytes.
    mutating func appendField(_ value: some FixedWidthInteger) {
        append(Int32(MemoryLayout.size(ofValue: value)))
        append(value)
    }

    mutating func appendField(_ value: [UInt8]) {
        append(Int32(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func appendText(_ text: String) {
        let text = PostgresText.storable(text)
        append(Int32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// An array's header: one dimension, lower bound 1.
    ///
    /// An empty array has no dimension at all.
    mutating func appendHeader(_ element: UInt32, count: Int) {
        append(Int32(count == 0 ? 0 : 1))
        append(Int32(1))  // there may be NULLs: the server looks for itself
        append(element)
        guard count > 0 else { return }
        append(Int32(count))
        append(Int32(1))
    }

    /// A field for each number, written in one go.
    mutating func appendFields<Number: FixedWidthInteger>(_ values: [Number]) {
        let width = MemoryLayout<Number>.size
        let fields = [UInt8](unsafeUninitializedCapacity: values.count * (4 + width)) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            for value in values {
                raw.storeBytes(of: Int32(width).bigEndian, toByteOffset: count, as: Int32.self)
                raw.storeBytes(of: value.bigEndian, toByteOffset: count + 4, as: Number.self)
                count += 4 + width
            }
        }
        bytes.append(contentsOf: fields)
    }

    mutating func appendNull() { append(Int32(-1)) }
}
