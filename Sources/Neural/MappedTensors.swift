package import Foundation

/// A weight file in the safetensors format that stays where it is: memory-mapped, shared by all processes that map it.
///
/// The header is checked as strictly as that of ``Safetensors``. Tensors are copied out as they are asked for; a
/// ``EmbeddingTable`` reads its rows in place.
package struct MappedTensors: Sendable {
    let data: Data
    private let tensors: [String: (type: Safetensors.ElementType, shape: [Int], bytes: Range<Int>)]

    /// - Parameter data: the whole file, best mapped (`Data(contentsOf:options: .alwaysMapped)`).
    package init(_ data: Data) throws(SafetensorsError) {
        self.data = data
        guard data.count >= 8 else { throw .truncated(needed: 8, found: data.count) }
        let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Safetensors.headerLimit) else { throw .headerTooLarge(Int(clamping: length)) }
        let start = 8 + Int(length)
        guard start <= data.count else { throw .truncated(needed: start, found: data.count) }
        var parser = SafetensorsHeader(bytes: [UInt8](data.dropFirst(8).prefix(Int(length)))[...])
        let (entries, _) = try parser.parse()
        try Safetensors.checkCover(entries, size: data.count - start)
        var tensors: [String: (type: Safetensors.ElementType, shape: [Int], bytes: Range<Int>)] = [:]
        for entry in entries {
            let type = try entry.checkedShape().type
            tensors[entry.name] = (type, entry.shape, start + entry.begin..<start + entry.end)
        }
        self.tensors = tensors
    }

    package var names: Set<String> { Set(tensors.keys) }

    /// The values of a tensor of 32-bit floats of the given shape, all finite.
    package func floats(_ name: String, shape: [Int]) throws(SafetensorsError) -> [Float] {
        let bytes = try place(of: name, shape: shape)
        let values = [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
            count = data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer), from: bytes) / 4
        }
        // A sum is finite only when all its terms are, and adding vectorises where a test of each does not.
        guard values.reduce(0, { $0 + $1 * 0 }) == 0 else { throw .tensor(name: name, reason: "a value is not finite") }
        return values
    }

    /// Where the bytes of a tensor of 32-bit floats of the given shape lie in the file.
    func place(of name: String, shape: [Int]) throws(SafetensorsError) -> Range<Int> {
        guard let tensor = tensors[name] else { throw .missing(name: name) }
        guard tensor.type == .float32, tensor.shape == shape else {
            throw .tensor(
                name: name, reason: "is \(tensor.type.rawValue) \(tensor.shape), the model needs F32 \(shape)")
        }
        return tensor.bytes
    }
}

/// A table of rows of 32-bit floats within a mapped file.
package struct EmbeddingTable: Sendable {
    package let rows: Int
    package let width: Int
    private let data: Data
    private let start: Int

    init(_ file: MappedTensors, _ name: String, rows: Int, width: Int) throws(SafetensorsError) {
        start = try file.place(of: name, shape: [rows, width]).lowerBound
        data = file.data
        self.rows = rows
        self.width = width
    }

    /// A table of its own memory.
    package init(_ matrix: Matrix) {
        rows = matrix.rows
        width = matrix.columns
        start = 0
        data = matrix.values.withUnsafeBytes { Data($0) }
    }

    /// Adds the rows of these numbers to the rows of `sums`, one behind the other.
    ///
    /// A number outside the table traps.
    package func add(_ numbers: [Int32], to sums: inout [Float]) {
        precondition(sums.count == numbers.count * width, "\(numbers.count) rows into \(sums.count) values")
        data.withUnsafeBytes { bytes in
            sums.withUnsafeMutableBufferPointer { sums in
                for (index, number) in numbers.enumerated() {
                    precondition(number >= 0 && number < rows, "row \(number) of \(rows)")
                    let row = start + Int(number) * width * 4
                    for column in 0..<width {
                        sums[index * width + column] += bytes.loadUnaligned(
                            fromByteOffset: row + column * 4, as: Float.self)
                    }
                }
            }
        }
    }
}
