/// A string in a JSON text, where it lies: between its quotes, escapes checked but not resolved.
struct JSONText {
    let start: UnsafePointer<UInt8>
    let count: Int
    let isEscaped: Bool
    let isASCII: Bool

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    /// Throws unless the bytes are UTF-8.
    func check() throws(RecordFault) {
        guard isASCII || UTF8Check.isValid(bytes) else { throw Self.notUTF8 }
    }

    static let notUTF8 = RecordFault("not UTF-8: a string holds bytes that are no characters")

    /// The text with its escapes resolved.
    ///
    /// `\u0000` becomes U+FFFD, since PostgreSQL's text cannot hold NUL.
    func string() throws(RecordFault) -> String {
        if isEscaped {
            try check()
            return unescaped()
        }
        if isASCII { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.notUTF8 }
        return text
    }

    /// The text as a language tag.
    ///
    /// Most say it in two small letters, which are themselves the tag.
    func language() throws(RecordFault) -> String {
        let isTag = count == 2 && start[0] &- 0x61 < 26 && start[1] &- 0x61 < 26
        return isTag ? String(decoding: bytes, as: UTF8.self) : Folding.language(try string())
    }

    private func unescaped() -> String {
        // No escape is shorter than what it stands for.
        String(unsafeUninitializedCapacity: count) { target in
            guard var out = target.baseAddress else { return 0 }
            let first = out
            var at = start
            let end = start + count
            while at < end {
                if at.pointee == 0x5C {
                    at = Self.resolve(at, to: &out)
                } else {
                    out.pointee = at.pointee
                    out += 1
                    at += 1
                }
            }
            return out - first
        }
    }

    /// Writes what the escape at `escape` stands for and gives the place behind it.
    private static func resolve(
        _ escape: UnsafePointer<UInt8>, to out: inout UnsafeMutablePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        let simple: UInt8
        switch escape[1] {
        case 0x62: simple = 0x08
        case 0x66: simple = 0x0C
        case 0x6E: simple = 0x0A
        case 0x72: simple = 0x0D
        case 0x74: simple = 0x09
        case 0x75:
            var code = hexadecimal(escape + 2) ?? 0
            var length = 6
            if code & 0xFC00 == 0xD800, let low = hexadecimal(escape + 8) {
                code = 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF))
                length = 12
            }
            write(code == 0 ? 0xFFFD : code, to: &out)
            return escape + length
        default: simple = escape[1]
        }
        out.pointee = simple
        out += 1
        return escape + 2
    }

    private static func write(_ code: UInt32, to out: inout UnsafeMutablePointer<UInt8>) {
        if code < 0x80 {
            out[0] = UInt8(truncatingIfNeeded: code)
            out += 1
            return
        }
        let tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3
        let lead: UInt32 = tail == 1 ? 0xC0 : tail == 2 ? 0xE0 : 0xF0
        out[0] = UInt8(truncatingIfNeeded: lead | code >> UInt32(6 * tail))
        for index in 1...tail {
            out[index] = UInt8(truncatingIfNeeded: 0x80 | (code >> UInt32(6 * (tail - index)) & 0x3F))
        }
        out += tail + 1
    }

    /// The value of four hexadecimal digits; reads no further than the first byte that is none.
    static func hexadecimal(_ digits: UnsafePointer<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for index in 0..<4 {
            let byte = digits[index]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: return nil
            }
        }
        return value
    }
}

/// A number in a JSON text, where it lies.
struct JSONNumber {
    let start: UnsafePointer<UInt8>
    let count: Int
    let isInteger: Bool

    var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }

    /// The value if it is whole and fits; `1.0` and `1e3` are whole numbers too.
    var integer: Int64? {
        guard isInteger, count <= 18 else { return Self.integer(of: text) }
        var value: Int64 = 0
        var at = start.pointee == 0x2D ? 1 : 0
        while at < count {
            value = value &* 10 &+ Int64(start[at] &- 0x30)
            at += 1
        }
        return start.pointee == 0x2D ? -value : value
    }

    static func integer(of text: String) -> Int64? {
        if let value = Int64(text) { return value }
        // Beyond 2^53 a floating number says nothing about the last digit.
        guard let value = double(of: text), value.magnitude <= 9_007_199_254_740_992 else { return nil }
        return Int64(exactly: value)
    }

    /// A decimal number; `Double` itself also reads "0x10", "nan" and "inf".
    static func double(of text: String) -> Double? {
        let isDecimal = text.utf8.allSatisfy { byte in
            byte &- 0x30 < 10 || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
        }
        return isDecimal ? Double(text) : nil
    }
}
