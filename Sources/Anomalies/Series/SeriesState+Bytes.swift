extension SeriesState {
    /// The form in which a state is stored; another version is not read, its series starts anew from the rollups.
    private static let version: UInt8 = 2

    private static let scalars: [any WritableKeyPath<Self, Float> & Sendable] = [
        \.windows, \.blocks, \.hourValue, \.hourExpected, \.hourWindows, \.longSeen, \.longExpected,
    ]
    private static let pairs: [any WritableKeyPath<Self, SIMD2<Float>> & Sendable] = [
        \.joint.mean, \.joint.variance, \.joint.open,
    ]
    private static let quads: [any WritableKeyPath<Self, SIMD4<Float>> & Sendable] = [
        \.dayValue, \.dayWeight, \.weekValue, \.weekWeight,
    ]
    private static let lanes: [any WritableKeyPath<Self, Lanes> & Sendable] = [
        \.seen, \.expected, \.spread, \.rises.mean, \.rises.variance, \.rises.open, \.drops.mean, \.drops.variance,
        \.drops.open,
    ]

    /// Every bit of the state, little-endian: version, times, then its numbers.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [Self.version, last == nil ? 0 : 1]
        func add(_ word: some FixedWidthInteger) { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
        func add(_ vector: some SIMD<Float>) { for index in vector.indices { add(vector[index].bitPattern) } }
        add(last ?? 0)
        add(hour)
        for path in Self.scalars { add(self[keyPath: path].bitPattern) }
        for path in Self.pairs { add(self[keyPath: path]) }
        for path in Self.quads { add(self[keyPath: path]) }
        for path in Self.lanes { add(self[keyPath: path]) }
        add(season.hours)
        add(season.days)
        return bytes
    }

    /// `nil` for bytes of another version or length.
    package init?(bytes: [UInt8]) {
        self.init(.gauge)
        guard bytes.count == self.bytes.count, bytes[0] == Self.version else { return nil }
        var offset = 2
        func word<Word: FixedWidthInteger>(_ type: Word.Type) -> Word {
            defer { offset += MemoryLayout<Word>.size }
            return bytes.withUnsafeBytes {
                Word(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Word.self))
            }
        }
        func read<Vector: SIMD<Float>>(_ vector: inout Vector) {
            for index in vector.indices { vector[index] = Float(bitPattern: word(UInt32.self)) }
        }
        let newest = word(Int64.self)
        last = bytes[1] == 1 ? newest : nil
        hour = word(Int64.self)
        for path in Self.scalars { self[keyPath: path] = Float(bitPattern: word(UInt32.self)) }
        for path in Self.pairs { read(&self[keyPath: path]) }
        for path in Self.quads { read(&self[keyPath: path]) }
        for path in Self.lanes { read(&self[keyPath: path]) }
        read(&season.hours)
        read(&season.days)
    }
}
