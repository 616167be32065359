#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Texts compared by their UTF-8 bytes: exact, the same everywhere, and quick.
extension String {
    func hasSameBytes(as other: String) -> Bool {
        withBytes { left in other.withBytes { left.hasSameBytes(as: $0) } }
    }

    func hashBytes(into hasher: inout Hasher) {
        withBytes {
            hasher.combine(bytes: $0)
            hasher.combine(UInt8(0xff))
        }
    }

    /// Below 0 when this text comes first by bytes, 0 when they are the same, above 0 otherwise.
    func compareBytes(with other: String) -> Int {
        withBytes { left in
            other.withBytes { right in
                let order = left.compare(with: right, count: min(left.count, right.count))
                return order != 0 ? order : left.count - right.count
            }
        }
    }

    /// Calls `body` with the UTF-8 bytes, without a copy unless the text is foreign to Swift.
    func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        if let value = utf8.withContiguousStorageIfAvailable({ body(UnsafeRawBufferPointer($0)) }) { return value }
        return Array(utf8).withUnsafeBytes(body)
    }
}

extension UnsafeRawBufferPointer {
    func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        count == other.count && compare(with: other, count: count) == 0
    }

    fileprivate func compare(with other: UnsafeRawBufferPointer, count: Int) -> Int {
        guard count > 0, let left = baseAddress, let right = other.baseAddress else { return 0 }
        return Int(memcmp(left, right, count))
    }
}
