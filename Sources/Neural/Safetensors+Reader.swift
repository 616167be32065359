extension Safetensors {
    /// Reads a whole file.
    ///
    /// Tensors may neither overlap nor leave bytes unused, as the format demands. Memory in use is at most twice the
    /// size of `bytes`, whatever the header claims.
    package init(bytes: [UInt8]) throws(SafetensorsError) {
        guard bytes.count >= 8 else { throw .truncated(needed: 8, found: bytes.count) }
        let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Self.headerLimit) else { throw .headerTooLarge(Int(clamping: length)) }
        let start = 8 + Int(length)
        guard start <= bytes.count else { throw .truncated(needed: start, found: bytes.count) }

        var parser = SafetensorsHeader(bytes: bytes[8..<start])
        let (entries, metadata) = try parser.parse()
        try Self.checkCover(entries, size: bytes.count - start)

        var tensors: [String: Tensor] = [:]
        for entry in entries {
            let shape = try entry.checkedShape()
            tensors[entry.name] = Tensor(
                type: shape.type, shape: entry.shape, bytes: Array(bytes[start + entry.begin..<start + entry.end]))
        }
        self.init(tensors: tensors, metadata: metadata)
    }

    /// Checks that the tensors, put in order, cover `0..<size` without gap or overlap.
    static func checkCover(_ entries: [SafetensorsHeader.Entry], size: Int) throws(SafetensorsError) {
        var end = 0
        for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            guard entry.begin == end else {
                throw .tensor(name: entry.name, reason: "begins at \(entry.begin), the one before ends at \(end)")
            }
            guard entry.end >= entry.begin, entry.end <= size else {
                throw .tensor(name: entry.name, reason: "ends at \(entry.end) of \(size) bytes")
            }
            end = entry.end
        }
        guard end == size else { throw .truncated(needed: end, found: size) }
    }

    /// The file's bytes, the data aligned to 8 bytes.
    ///
    /// The same tensors give the same bytes.
    package var bytes: [UInt8] {
        var header = "{"
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
            header += "\"__metadata__\":{\(pairs.joined(separator: ","))}"
        }
        var data: [UInt8] = []
        // Wide elements first: each tensor is then aligned to its own element.
        let ordered = tensors.sorted { ($1.value.type.size, $0.key) < ($0.value.type.size, $1.key) }
        for (name, tensor) in ordered {
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            header += header.count > 1 ? "," : ""
            header += "\(Self.quoted(name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
            header += "\"data_offsets\":[\(data.count),\(data.count + tensor.bytes.count)]}"
            data += tensor.bytes
        }
        var text = Array((header + "}").utf8)
        text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> ($0 * 8)) } + text + data
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
