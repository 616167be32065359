internal import CZlib
internal import Foundation

extension ZipArchive {
    private static let blockSize = 1 << 18

    /// Unpacks one file block by block; its size and checksum must be those the directory says.
    func unpack(
        _ entry: Entry, to output: (UnsafeRawBufferPointer) throws(CatalogueError) -> Void
    ) throws(CatalogueError) {
        let result: Result<Void, CatalogueError> = bytes.withUnsafeBytes { archive in
            let data = UnsafeRawBufferPointer(rebasing: archive[entry.data])
            return Result { () throws(CatalogueError) in
                try entry.isDeflated ? inflate(entry, data, output) : copy(entry, data, output)
            }
        }
        try result.get()
    }

    private func copy(
        _ entry: Entry, _ data: UnsafeRawBufferPointer,
        _ output: (UnsafeRawBufferPointer) throws(CatalogueError) -> Void
    ) throws(CatalogueError) {
        var checksum = crc32(0, nil, 0)
        for start in stride(from: 0, to: data.count, by: Self.blockSize) {
            let block = UnsafeRawBufferPointer(rebasing: data[start..<min(start + Self.blockSize, data.count)])
            checksum = crc32(checksum, block.bindMemory(to: UInt8.self).baseAddress, UInt32(block.count))
            try output(block)
        }
        guard UInt32(checksum) == entry.checksum else { throw .archive(reason: "\(entry.name) is damaged") }
    }

    private func inflate(
        _ entry: Entry, _ data: UnsafeRawBufferPointer,
        _ output: (UnsafeRawBufferPointer) throws(CatalogueError) -> Void
    ) throws(CatalogueError) {
        var stream = z_stream()
        // A negative window: bare deflate, without a header.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .archive(reason: "zlib has no memory")
        }
        defer { inflateEnd(&stream) }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockSize, alignment: 16)
        defer { block.deallocate() }
        stream.next_in = UnsafeMutablePointer(mutating: data.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(data.count)
        var checksum = crc32(0, nil, 0)
        var written = 0
        var code = Z_OK
        while code != Z_STREAM_END {
            stream.next_out = block.bindMemory(to: UInt8.self).baseAddress
            stream.avail_out = UInt32(block.count)
            code = CZlib.inflate(&stream, Z_NO_FLUSH)
            let count = block.count - Int(stream.avail_out)
            // Without progress zlib answers Z_BUF_ERROR, so this loop ends.
            guard code == Z_OK || code == Z_STREAM_END, written + count <= entry.size else {
                throw .archive(reason: "\(entry.name) is damaged")
            }
            checksum = crc32(checksum, block.bindMemory(to: UInt8.self).baseAddress, UInt32(count))
            written += count
            try output(UnsafeRawBufferPointer(rebasing: block[..<count]))
        }
        guard stream.avail_in == 0, written == entry.size, UInt32(checksum) == entry.checksum else {
            throw .archive(reason: "\(entry.name) is damaged")
        }
    }
}
