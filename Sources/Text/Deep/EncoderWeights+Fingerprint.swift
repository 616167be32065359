package import Neural

extension EncoderWeights {
    /// Sixteen hexadecimal digits over all that training starts from: differences fit no other encoder.
    package var fingerprint: String {
        var hash = FeatureHash.start
        func add(_ values: [Float]) {
            // Whole words: the bytes of 10 million weights one by one would take a second.
            for value in values { hash = (hash ^ UInt64(value.bitPattern)) &* 0x100_0000_01b3 }
        }
        for array in trained.arrays { add(array) }
        var words = [Float](repeating: 0, count: words.width * ((words.rows + 63) / 64))
        self.words.add(stride(from: 0, to: Int32(self.words.rows), by: 64).map { $0 }, to: &words)
        add(words)
        return FeatureHash.digits(hash)
    }
}
