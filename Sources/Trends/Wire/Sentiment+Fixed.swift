package import Domain

extension Sentiment {
    /// The sentiment with exactly these millionths; nil when they are negative or more than one together.
    ///
    /// A `Float` tells all multiples of a millionth up to 1 apart, so going through one loses nothing.
    package init?(negative: Int64, positive: Int64) {
        guard negative >= 0, positive >= 0, negative <= Self.one, positive <= Self.one - negative else { return nil }
        self.init(
            negative: Float(Double(negative) / Double(Self.one)),
            positive: Float(Double(positive) / Double(Self.one)))
    }
}
