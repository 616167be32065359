package import Domain

/// Why a compressed text cannot be unpacked.
package enum UnpackError: Error, Equatable, Sendable {
    case tooLong(limit: Int)
    case damaged(String)
}

/// Texts that come compressed from people who are not trusted.
package enum UnpackedText {
    /// - Parameter limit: bytes; a longer text is given up while it is unpacked, however small it came.
    package static func of(
        _ bytes: [UInt8], _ compression: SourceDescription.Compression, limit: Int
    ) throws(UnpackError) -> [UInt8] {
        let source = decoded(MemoryBytes(bytes, name: "body"), compression)
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: FeedBounds.blockBytes, alignment: 16)
        defer { block.deallocate() }
        var text: [UInt8] = []
        while true {
            let count: Int
            do throws(FeedError) {
                count = try source.read(into: block)
            } catch {
                throw .damaged("\(error)")
            }
            guard count > 0 else { break }
            guard text.count + count <= limit else { throw .tooLong(limit: limit) }
            text.append(contentsOf: block[..<count])
        }
        if let damage = source.damage { throw .damaged(damage) }
        return text
    }
}
