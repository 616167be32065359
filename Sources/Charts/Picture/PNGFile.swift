internal import CZlib

/// Writes pixels as a PNG file (RFC 2083, and ISO/IEC 15948 for its texts).
enum PNGFile {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    /// 144 pixels to the inch, in pixels to the metre: two to a point.
    private static let density: UInt32 = 5669

    /// - Parameter texts: keywords of the standard with their words, for those who do not see the picture.
    static func bytes(_ raster: Raster, texts: [(keyword: String, words: String)]) -> [UInt8] {
        var file = signature
        // Eight bits each of red, green and blue; the only compression and filter there are; rows in order.
        add("IHDR", word(UInt32(raster.width)) + word(UInt32(raster.height)) + [8, 2, 0, 0, 0], to: &file)
        add("pHYs", word(density) + word(density) + [1], to: &file)
        for text in texts {
            add("iTXt", Array(text.keyword.utf8) + [0, 0, 0, 0, 0] + Array(text.words.utf8), to: &file)
        }
        add("IDAT", deflated(rows(raster)), to: &file)
        add("IEND", [], to: &file)
        return file
    }

    /// Each row begins with the name of its filter: the difference from the row above, which is mostly zeros.
    private static func rows(_ raster: Raster) -> [UInt8] {
        let stride = raster.width * 3
        var rows: [UInt8] = []
        rows.reserveCapacity((stride + 1) * raster.height)
        for y in 0..<raster.height {
            rows.append(2)
            let start = y * stride
            for place in start..<start + stride {
                rows.append(raster.pixels[place] &- (y == 0 ? 0 : raster.pixels[place - stride]))
            }
        }
        return rows
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(length))
        let code = compress2(&result, &length, bytes, uLong(bytes.count), 6)
        precondition(code == Z_OK, "zlib says \(code) to a buffer that its own bound gave")
        return Array(result.prefix(Int(length)))
    }

    private static func add(_ name: String, _ bytes: [UInt8], to file: inout [UInt8]) {
        let chunk = Array(name.utf8) + bytes
        file += word(UInt32(bytes.count)) + chunk
        file += word(UInt32(truncatingIfNeeded: crc32(0, chunk, uInt(chunk.count))))
    }

    private static func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}
