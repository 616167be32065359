internal import Domain

/// Reads points in time as archives write them.
enum MomentParser {
    /// A time as RFC 3339 has it.
    ///
    /// `2026-03-14T09:26:53.456Z`, `2026-03-14T10:26:53+01:00`; digits behind milliseconds are dropped.
    static func rfc3339(_ bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
        var reader = MomentReader(bytes)
        return reader.moment(isLenient: false)
    }

    /// Also with a space for the `T`, `+0100`, `+01`, no offset (UTC), no time of day, and numbers since 1970.
    static func lenient(_ bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
        if bytes.count >= 5, bytes[4] == 0x2D, bytes[0] != 0x2D {
            var reader = MomentReader(bytes)
            return reader.moment(isLenient: true)
        }
        return epoch(String(decoding: bytes, as: UTF8.self))
    }

    /// Seconds since 1970, or milli-, micro- or nanoseconds: told apart by size, for years from 1973 to 5138.
    static func epoch(_ text: String) -> Timestamp? {
        if let number = Int64(text) {
            return switch number.magnitude {
            case ..<100_000_000_000: Timestamp(seconds: number)
            case ..<100_000_000_000_000: Timestamp(milliseconds: number)
            case ..<100_000_000_000_000_000: Timestamp(milliseconds: number / 1000)
            default: Timestamp(milliseconds: number / 1_000_000)
            }
        }
        guard let number = JSONNumber.double(of: text), number.magnitude < 1e17 else { return nil }
        let milliseconds = number.magnitude < 1e11 ? number * 1000 : number.magnitude < 1e14 ? number : number / 1000
        return Timestamp(milliseconds: Int64(milliseconds.rounded(.down)))
    }
}
