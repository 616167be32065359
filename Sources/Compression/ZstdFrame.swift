internal import CZstd

/// Whole byte strings as single zstd frames with a checksum.
package enum ZstdFrame {
    /// Level 1 compresses partials three- to fourfold at several hundred MB/s.
    private static let level: Int32 = 1

    /// - Throws: `CompressionError.failed` when there is no memory.
    package static func compressed(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        var code = 0
        let bound = ZSTD_compressBound(bytes.count)
        let frame = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            code = bytes.withUnsafeBytes { source in
                ZSTD_compress2(context, buffer.baseAddress, bound, source.baseAddress, source.count)
            }
            count = ZSTD_isError(code) == 0 ? code : 0
        }
        guard ZSTD_isError(code) == 0 else { throw .failed(String(cString: ZSTD_getErrorName(code))) }
        return frame
    }

    /// - Parameter limit: bytes; a frame that says it holds more, or does not say, is refused before memory is taken.
    /// - Throws: `CompressionError` for bytes that are no whole frame.
    package static func decompressed(_ frame: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
        let size = frame.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        guard size <= UInt64(limit) else { throw .tooLarge(limit: limit) }
        var code = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            code = frame.withUnsafeBytes { source in
                ZSTD_decompress(buffer.baseAddress, Int(size), source.baseAddress, source.count)
            }
            count = ZSTD_isError(code) == 0 ? code : 0
        }
        guard ZSTD_isError(code) == 0 else { throw .failed(String(cString: ZSTD_getErrorName(code))) }
        return bytes
    }
}

/// Why bytes could not be compressed or decompressed.
package enum CompressionError: Error, Equatable, CustomStringConvertible {
    case failed(String)
    case tooLarge(limit: Int)

    package var description: String {
        switch self {
        case .failed(let reason): "zstd: \(reason)"
        case .tooLarge(let limit): "no zstd frame, or one of more than \(limit) bytes"
        }
    }
}
