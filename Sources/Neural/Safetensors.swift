/// A weight file in the safetensors format, held in memory: named tensors over one run of bytes.
///
/// Layout: 8 bytes little-endian header length, a JSON header, then the tensors' bytes. Everything in the header is
/// checked before the first tensor is read: a file from anywhere may be opened.
package struct Safetensors: Equatable, Sendable {
    package enum ElementType: String, Sendable, CaseIterable {
        case float32 = "F32"
        case float16 = "F16"
        case bfloat16 = "BF16"
        case float64 = "F64"
        case int8 = "I8"
        case int16 = "I16"
        case int32 = "I32"
        case int64 = "I64"
        case uint8 = "U8"
        case bool = "BOOL"

        package var size: Int {
            switch self {
            case .int8, .uint8, .bool: 1
            case .float16, .bfloat16, .int16: 2
            case .float32, .int32: 4
            case .float64, .int64: 8
            }
        }
    }

    package struct Tensor: Equatable, Sendable {
        package let type: ElementType
        package let shape: [Int]
        /// Little-endian elements in row-major order.
        package let bytes: [UInt8]

        package init(type: ElementType, shape: [Int], bytes: [UInt8]) {
            precondition(shape.reduce(type.size, *) == bytes.count, "\(bytes.count) bytes for \(shape) of \(type)")
            self.type = type
            self.shape = shape
            self.bytes = bytes
        }
    }

    package var tensors: [String: Tensor]
    package var metadata: [String: String]

    package init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }
}

/// Why bytes are not a weight file, or not the wanted one.
package enum SafetensorsError: Error, Equatable, CustomStringConvertible {
    case truncated(needed: Int, found: Int)
    case headerTooLarge(Int)
    case header(reason: String, offset: Int)
    case tensor(name: String, reason: String)
    case missing(name: String)

    package var description: String {
        switch self {
        case .truncated(let needed, let found): "weight file is cut short: \(found) bytes, needs \(needed)"
        case .headerTooLarge(let size): "weight file has a header of \(size) bytes, at most \(Safetensors.headerLimit)"
        case .header(let reason, let offset): "weight file header, byte \(offset): \(reason)"
        case .tensor(let name, let reason): "tensor \"\(name)\": \(reason)"
        case .missing(let name): "weight file has no tensor \"\(name)\""
        }
    }
}

extension Safetensors {
    /// The reference implementation's limit is 100 MB; ours describes thousands of tensors in 16.
    package static let headerLimit = 16 << 20
    package static let dimensionLimit = 8

    /// The values of a tensor of 32-bit floats of the given shape, all finite.
    package func floats(_ name: String, shape: [Int]) throws(SafetensorsError) -> [Float] {
        let tensor = try checked(name, .float32, shape)
        let values = tensor.bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { index in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
            }
        }
        guard values.allSatisfy(\.isFinite) else { throw .tensor(name: name, reason: "a value is not finite") }
        return values
    }

    /// The values of a tensor of 8-bit integers of the given shape.
    package func integers(_ name: String, shape: [Int]) throws(SafetensorsError) -> [Int8] {
        try checked(name, .int8, shape).bytes.map { Int8(bitPattern: $0) }
    }

    package mutating func set(_ name: String, shape: [Int], floats: [Float]) {
        let words = floats.map { $0.bitPattern.littleEndian }
        tensors[name] = Tensor(type: .float32, shape: shape, bytes: words.withUnsafeBytes(Array.init))
    }

    package mutating func set(_ name: String, shape: [Int], integers: [Int8]) {
        tensors[name] = Tensor(type: .int8, shape: shape, bytes: integers.map { UInt8(bitPattern: $0) })
    }

    private func checked(_ name: String, _ type: ElementType, _ shape: [Int]) throws(SafetensorsError) -> Tensor {
        guard let tensor = tensors[name] else { throw .missing(name: name) }
        guard tensor.type == type, tensor.shape == shape else {
            throw .tensor(
                name: name,
                reason: "is \(tensor.type.rawValue) \(tensor.shape), the model needs \(type.rawValue) \(shape)")
        }
        return tensor
    }
}
