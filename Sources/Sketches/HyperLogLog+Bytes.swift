/// The storage format of the `hll` extension, schema version 1.
///
/// Byte 0 is the version and the form, byte 1 `regwidth - 1` and log2m, byte 2 sparseon and expthresh. Then follow
/// - EMPTY: nothing;
/// - EXPLICIT: the hashes, ascending as signed numbers, each big-endian;
/// - SPARSE: index (12 bits) and value (5 bits) of the registers above zero, by index, packed from the highest bit;
/// - FULL: the value (5 bits) of each register, packed from the highest bit.
extension HyperLogLog {
    private static let version: UInt8 = 1
    private static let empty: UInt8 = 1
    private static let explicit: UInt8 = 2
    private static let sparse: UInt8 = 3
    private static let full: UInt8 = 4
    private static let sizes = UInt8(regwidth - 1) << 5 | UInt8(log2m)
    /// sparseon 1 and expthresh -1, which is written as 63.
    private static let thresholds: UInt8 = 1 << 6 | 63
    private static let headerSize = 3
    private static let fullSize = (registerCount * regwidth + 7) / 8
    private static let sparseBits = log2m + regwidth

    /// The sketch as the extension stores it.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends `bytes` and returns how many they are.
    @discardableResult
    package func append(to bytes: inout [UInt8]) -> Int {
        let start = bytes.count
        switch storage {
        case .explicit(let hashes):
            Self.appendHeader(hashes.isEmpty ? Self.empty : Self.explicit, to: &bytes)
            for hash in hashes {
                withUnsafeBytes(of: hash.bigEndian) { bytes.append(contentsOf: $0) }
            }
        case .registers(let registers):
            let filled = registers.reduce(0) { $1 == 0 ? $0 : $0 + 1 }
            // The extension's rule: sparse while it takes fewer bits than full.
            if filled * Self.sparseBits < Self.registerCount * Self.regwidth {
                Self.appendHeader(Self.sparse, to: &bytes)
                Self.appendSparse(registers, to: &bytes)
            } else {
                Self.appendHeader(Self.full, to: &bytes)
                Self.appendFull(registers, to: &bytes)
            }
        }
        return bytes.count - start
    }

    private static func appendHeader(_ form: UInt8, to bytes: inout [UInt8]) {
        bytes.append(version << 4 | form)
        bytes.append(sizes)
        bytes.append(thresholds)
    }

    private static func appendSparse(_ registers: [UInt8], to bytes: inout [UInt8]) {
        var writer = BitWriter()
        for (index, register) in registers.enumerated() where register != 0 {
            writer.write(UInt64(index << regwidth) | UInt64(register), bits: sparseBits, to: &bytes)
        }
        writer.finish(&bytes)
    }

    private static func appendFull(_ registers: [UInt8], to bytes: inout [UInt8]) {
        var writer = BitWriter()
        for register in registers { writer.write(UInt64(register), bits: regwidth, to: &bytes) }
        writer.finish(&bytes)
    }

    /// Reads what the extension or `bytes` wrote, with our parameters.
    ///
    /// A sparse or full form that the extension would write the other way is read, and written its way again.
    package init(bytes: [UInt8]) throws(SketchError) {
        let parsed: Result<Self, SketchError> = bytes.withUnsafeBytes { raw in
            Result { () throws(SketchError) in try Self(raw: raw) }
        }
        self = try parsed.get()
    }

    /// Reads the sketch from a part of a larger buffer.
    package init(raw bytes: UnsafeRawBufferPointer) throws(SketchError) {
        guard bytes.count >= Self.headerSize else {
            throw .wrongLength(form: "of any kind", bytes: bytes.count)
        }
        guard bytes[0] >> 4 == Self.version else { throw .unknownVersion(bytes[0] >> 4) }
        guard bytes[1] == Self.sizes, bytes[2] & 0x7f == Self.thresholds else {
            throw .otherParameters(bytes[1], bytes[2])
        }
        let body = UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize...])
        switch bytes[0] & 0xf {
        case Self.empty:
            guard body.isEmpty else { throw .wrongLength(form: "EMPTY", bytes: bytes.count) }
            self.init()
        case Self.explicit: self.init(storage: .explicit(try Self.readExplicit(body)))
        case Self.sparse: self.init(storage: .registers(try Self.readSparse(body)))
        case Self.full: self.init(storage: .registers(try Self.readFull(body)))
        case let form: throw .unknownForm(form)
        }
    }

    private static func readExplicit(_ body: UnsafeRawBufferPointer) throws(SketchError) -> [Int64] {
        let count = body.count / 8
        guard body.count == count * 8, (1...explicitLimit).contains(count) else {
            throw .wrongLength(form: "EXPLICIT", bytes: headerSize + body.count)
        }
        var hashes: [Int64] = []
        hashes.reserveCapacity(count)
        for index in 0..<count {
            let hash = Int64(bigEndian: body.loadUnaligned(fromByteOffset: index * 8, as: Int64.self))
            if let last = hashes.last, last >= hash { throw .disorder(form: "EXPLICIT") }
            hashes.append(hash)
        }
        return hashes
    }

    private static func readSparse(_ body: UnsafeRawBufferPointer) throws(SketchError) -> [UInt8] {
        let count = body.count * 8 / sparseBits
        guard count <= registerCount, body.count * 8 - count * sparseBits < 8 else {
            throw .wrongLength(form: "SPARSE", bytes: headerSize + body.count)
        }
        var registers = [UInt8](repeating: 0, count: registerCount)
        var reader = BitReader(body)
        var next = 0
        for _ in 0..<count {
            let entry = Int(reader.read(bits: sparseBits))
            let index = entry >> regwidth
            let value = UInt8(entry & (1 << regwidth - 1))
            guard index >= next, value != 0 else { throw .disorder(form: "SPARSE") }
            registers[index] = value
            next = index + 1
        }
        return registers
    }

    private static func readFull(_ body: UnsafeRawBufferPointer) throws(SketchError) -> [UInt8] {
        guard body.count == fullSize else { throw .wrongLength(form: "FULL", bytes: headerSize + body.count) }
        var reader = BitReader(body)
        return (0..<registerCount).map { _ in UInt8(reader.read(bits: regwidth)) }
    }
}
