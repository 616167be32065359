/// A sentiment class. The raw value is the class index of models and label files.
package enum SentimentLabel: UInt8, CaseIterable, Sendable, Hashable {
    case negative = 0
    case neutral = 1
    case positive = 2

    package var name: String { String(describing: self) }
}

/// Calibrated class probabilities of one text in millionths; the three add up to exactly 1,000,000.
///
/// Fixed point, since integer sums do not depend on their order and so merge to the same bits.
package struct Sentiment: Equatable, Sendable {
    package static let one: Int64 = 1_000_000

    package let negative: Int64
    package let neutral: Int64
    package let positive: Int64

    /// Rounds two probabilities and gives the rest to neutral.
    package init(negative: Float, positive: Float) {
        let low = Self.fixed(negative)
        let high = min(Self.fixed(positive), Self.one - low)
        self.negative = low
        self.positive = high
        neutral = Self.one - low - high
    }

    /// The most probable class; ties go to neutral, then negative.
    package var label: SentimentLabel {
        if neutral >= negative && neutral >= positive { return .neutral }
        return negative >= positive ? .negative : .positive
    }

    /// Whether the chosen class is less probable than `threshold` (in millionths).
    package func isUnsure(below threshold: Int64) -> Bool { max(negative, neutral, positive) < threshold }

    private static func fixed(_ probability: Float) -> Int64 {
        guard probability > 0 else { return 0 }
        return Int64((Double(min(probability, 1)) * Double(one)).rounded())
    }
}
