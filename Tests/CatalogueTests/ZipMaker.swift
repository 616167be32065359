import CZlib

/// Makes zip archives, honest ones and others.
struct ZipMaker {
    struct File {
        var name: String
        var bytes: [UInt8]
        var isDeflated = false
        /// What the headers say in place of the truth.
        var size: Int?
        var checksum: UInt32?
        var localName: String?
        var flags = 0
        var method: Int?
    }

    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    init(_ files: [File]) {
        for file in files { add(file) }
    }

    mutating func add(_ file: File) {
        let data = file.isDeflated ? Self.deflated(file.bytes) : file.bytes
        let checksum = file.checksum ?? UInt32(crc32(0, file.bytes, UInt32(file.bytes.count)))
        let method = file.method ?? (file.isDeflated ? 8 : 0)
        let offset = body.count
        func fields(_ name: String) -> [UInt8] {
            Self.little(20, 2) + Self.little(file.flags, 2) + Self.little(method, 2) + Self.little(0, 4)
                + Self.little(Int(checksum), 4) + Self.little(data.count, 4)
                + Self.little(file.size ?? file.bytes.count, 4) + Self.little(name.utf8.count, 2) + Self.little(0, 2)
        }
        let localName = file.localName ?? file.name
        body += [0x50, 0x4B, 3, 4] + fields(localName) + Array(localName.utf8) + data
        directory += [0x50, 0x4B, 1, 2] + Self.little(20, 2) + fields(file.name)
        directory += Self.little(0, 2) + Self.little(0, 2) + Self.little(0, 2) + Self.little(0, 4)
        directory += Self.little(offset, 4) + Array(file.name.utf8)
        count += 1
    }

    var bytes: [UInt8] {
        body + directory + [0x50, 0x4B, 5, 6] + Self.little(0, 4) + Self.little(count, 2) + Self.little(count, 2)
            + Self.little(directory.count, 4) + Self.little(body.count, 4) + Self.little(0, 2)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(&stream, 9, Z_DEFLATED, -15, 8, 0, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + 1024)
        let produced = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                deflate(&stream, Z_FINISH)
                return output.count - Int(stream.avail_out)
            }
        }
        return Array(output[..<produced])
    }
}
