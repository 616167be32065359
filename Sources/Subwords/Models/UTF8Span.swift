/// Characters of UTF-8 that is known to be valid, as that of a `String` is.
extension Span<UInt8> {
    /// The scalar at `position`, which moves behind it.
    @inline(__always)
    func scalar(at position: inout Int) -> UInt32 {
        let first = UInt32(self[position])
        let length = Self.length(self[position])
        var scalar = length == 1 ? first : first & (0x7F >> UInt32(length))
        for offset in 1..<length { scalar = scalar << 6 | UInt32(self[position + offset] & 0x3F) }
        position += length
        return scalar
    }

    /// Where the scalar ends that begins at `position`.
    @inline(__always)
    func end(ofScalarAt position: Int) -> Int { position + Self.length(self[position]) }

    @inline(__always)
    private static func length(_ first: UInt8) -> Int {
        switch first {
        case ..<0xC0: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
    }
}
