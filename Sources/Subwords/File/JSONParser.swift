/// A strict parser of one JSON text (RFC 8259), for files of tens of megabytes.
///
/// Depth is bounded, so that no file can exhaust the stack.
struct JSONParser {
    /// A tokenizer file needs about eight.
    private static let depthLimit = 64

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value of a whole text.
    static func parse(_ bytes: [UInt8]) throws(SubwordError) -> JSONValue {
        var parser = JSONParser(bytes)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("more behind the value") }
        return value
    }

    private mutating func value(depth: Int) throws(SubwordError) -> JSONValue {
        guard depth < Self.depthLimit else { throw error("deeper than \(Self.depthLimit) levels") }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try members(depth: depth))
        case UInt8(ascii: "["): return .array(try elements(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func members(depth: Int) throws(SubwordError) -> [(name: String, value: JSONValue)] {
        var members: [(name: String, value: JSONValue)] = []
        position += 1
        guard !take(UInt8(ascii: "}")) else { return members }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw error("no name of a member") }
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw error("no colon behind \"\(name)\"") }
            members.append((name, try value(depth: depth + 1)))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("no end of an object") }
        return members
    }

    private mutating func elements(depth: Int) throws(SubwordError) -> [JSONValue] {
        var elements: [JSONValue] = []
        position += 1
        guard !take(UInt8(ascii: "]")) else { return elements }
        repeat {
            elements.append(try value(depth: depth + 1))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("no end of a list") }
        return elements
    }

    private mutating func string() throws(SubwordError) -> String {
        position += 1
        let start = position
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        guard peek != UInt8(ascii: "\"") else {
            defer { position += 1 }
            return try text(bytes[start..<position])
        }
        var unescaped = Array(bytes[start..<position])
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(unescaped[...])
            case UInt8(ascii: "\\"): unescaped += Array(String(try escape()).utf8)
            case ..<0x20: throw error("a control character in a string")
            default: unescaped.append(byte)
            }
        }
        throw error("no end of a string")
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(SubwordError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw error("a string that is no UTF-8") }
        return text
    }

    private mutating func escape() throws(SubwordError) -> Unicode.Scalar {
        guard let byte = peek else { throw error("no end of a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws(SubwordError) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, peek == UInt8(ascii: "\\") else { throw error("half a surrogate pair") }
        position += 1
        guard peek == UInt8(ascii: "u") else { throw error("half a surrogate pair") }
        position += 1
        let second = try hexadecimal()
        guard 0xDC00..<0xE000 ~= second, let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + second - 0xDC00)
        else { throw error("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(SubwordError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("no four digits behind \\u")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private mutating func number() throws(SubwordError) -> Double {
        let start = position
        while let byte = peek, Self.isNumeric(byte) { position += 1 }
        let digits = String(decoding: bytes[start..<position], as: UTF8.self)
        let first = digits.utf8.first { $0 != UInt8(ascii: "-") }
        guard let first, first &- 0x30 < 10, let number = Double(digits), number.isFinite else {
            throw error("no value")
        }
        return number
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(SubwordError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard bytes.count - position >= length, "\(word)".utf8.elementsEqual(bytes[position..<position + length]) else {
            throw error("no value")
        }
        position += length
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func error(_ what: String) -> SubwordError {
        .unusable(reason: "no JSON: \(what) at byte \(position)")
    }
}
