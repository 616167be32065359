/// A strict parser of the JSON that heads a safetensors file.
///
/// It knows only what the format allows: one object of tensor entries and one of text metadata. No recursion, so no
/// depth to exhaust; a name twice is an error, where a general JSON parser would keep one of the two silently.
struct SafetensorsHeader {
    struct Entry {
        var name: String
        var typeName = ""
        var shape: [Int] = []
        var begin = 0
        var end = 0

        /// The element type, once name, dimensions and byte count agree.
        func checkedShape() throws(SafetensorsError) -> (type: Safetensors.ElementType, count: Int) {
            guard let type = Safetensors.ElementType(rawValue: typeName) else {
                throw .tensor(name: name, reason: "unknown element type \"\(typeName)\"")
            }
            var size = type.size
            for dimension in shape {
                let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
                guard !overflow else { throw .tensor(name: name, reason: "shape \(shape) is beyond any memory") }
                size = product
            }
            guard size == end - begin else {
                throw .tensor(name: name, reason: "shape \(shape) needs \(size) bytes, has \(end - begin)")
            }
            return (type, size / type.size)
        }
    }

    /// Files of more tensors than this are not weights of ours.
    static let entryLimit = 100_000

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    mutating func parse() throws(SafetensorsError) -> (entries: [Entry], metadata: [String: String]) {
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        var names: Set<String> = []
        try object { (parser: inout Self, name) throws(SafetensorsError) in
            guard names.insert(name).inserted else { throw parser.error("the name \"\(name)\" twice") }
            guard names.count <= Self.entryLimit else { throw parser.error("more than \(Self.entryLimit) tensors") }
            if name == "__metadata__" {
                try parser.object { (parser: inout Self, key) throws(SafetensorsError) in
                    metadata[key] = try parser.string()
                }
            } else {
                entries.append(try parser.entry(name))
            }
        }
        skipSpace()
        guard position == bytes.endIndex else { throw error("more after the closing brace") }
        return (entries, metadata)
    }

    private mutating func entry(_ name: String) throws(SafetensorsError) -> Entry {
        var entry = Entry(name: name)
        var fields: Set<String> = []
        try object { (parser: inout Self, field) throws(SafetensorsError) in
            guard fields.insert(field).inserted else { throw parser.error("\"\(field)\" twice") }
            switch field {
            case "dtype": entry.typeName = try parser.string()
            case "shape":
                entry.shape = try parser.numbers(limit: Safetensors.dimensionLimit)
            case "data_offsets":
                let offsets = try parser.numbers(limit: 2)
                guard offsets.count == 2, offsets[0] <= offsets[1] else { throw parser.error("offsets \(offsets)") }
                (entry.begin, entry.end) = (offsets[0], offsets[1])
            default: throw parser.error("unknown field \"\(field)\"")
            }
        }
        guard fields.count == 3 else { throw error("\"\(name)\" lacks dtype, shape or data_offsets") }
        return entry
    }

    /// Reads `{ "name": value, … }`, calling `value` where each value begins.
    private mutating func object(
        _ value: (inout Self, String) throws(SafetensorsError) -> Void
    ) throws(SafetensorsError) {
        try expect("{")
        if takes("}") { return }
        repeat {
            let name = try string()
            try expect(":")
            try value(&self, name)
        } while takes(",")
        try expect("}")
    }

    private mutating func numbers(limit: Int) throws(SafetensorsError) -> [Int] {
        var numbers: [Int] = []
        try expect("[")
        if takes("]") { return numbers }
        repeat {
            guard numbers.count < limit else { throw error("more than \(limit) numbers") }
            numbers.append(try number())
        } while takes(",")
        try expect("]")
        return numbers
    }

    private mutating func number() throws(SafetensorsError) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            // 15 digits hold any size in bytes that a machine has, and no overflow.
            guard position - start < 15 else { throw error("a number too long") }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            position += 1
        }
        guard position > start else { throw error("a whole number is missing") }
        return value
    }

    private mutating func string() throws(SafetensorsError) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "\"") {
            position += 1
            guard byte >= 0x20 else { throw error("a control character in a string") }
            text += byte == UInt8(ascii: "\\") ? try escape() : [byte]
        }
        try expect("\"")
        guard let text = String(validating: text, as: UTF8.self) else { throw error("a string that is not UTF-8") }
        return text
    }

    private mutating func escape() throws(SafetensorsError) -> [UInt8] {
        guard let byte = peek else { throw error("an escape without end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            guard position + 4 <= bytes.endIndex, bytes[position] != UInt8(ascii: "+"),
                let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(value)
            else { throw error("a wrong \\u escape") }
            position += 4
            return Array(String(scalar).utf8)
        default: throw error("an unknown escape")
        }
    }

    private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func takes(_ wanted: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: wanted) else { return false }
        position += 1
        return true
    }

    /// Takes the wanted character; spaces before it are skipped.
    private mutating func expect(_ wanted: Unicode.Scalar) throws(SafetensorsError) {
        guard takes(wanted) else { throw error("\"\(wanted)\" is missing") }
    }

    private func error(_ reason: String) -> SafetensorsError {
        .header(reason: reason, offset: position - bytes.startIndex)
    }
}
