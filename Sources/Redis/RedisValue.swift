/// One reply in RESP2, the protocol's second version.
package enum RedisValue: Equatable, Sendable {
    /// A short text such as `OK`.
    case status(String)
    /// Any bytes.
    case bytes([UInt8])
    case integer(Int64)
    case array([RedisValue])
    /// "Nothing": an absent key, or a blocking read that ended without data.
    case null
    /// An error as a value: inside a pipeline one failed command does not hide the others' replies.
    case error(String)
}

extension RedisValue {
    /// Bytes or a status as text.
    package var text: String? {
        switch self {
        case .status(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    package var bytes: [UInt8]? {
        guard case .bytes(let bytes) = self else { return nil }
        return bytes
    }

    /// An integer reply, or digits sent as bytes.
    package var integer: Int64? {
        if case .integer(let number) = self { return number }
        return text.flatMap { Int64($0) }
    }

    package var array: [RedisValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    package var isNull: Bool { self == .null }
}
