/// A sentiment class.
///
/// The raw value is the class index of models and label files.
package enum SentimentLabel: UInt8, CaseIterable, Sendable, Hashable {
    case negative = 0
    case neutral = 1
    case positive = 2

    package var name: String { String(describing: self) }
}

/// What a model says of one text: calibrated class probabilities in millionths, and the class it would choose.
///
/// The three probabilities add up to exactly 1,000,000. Fixed point, since integer sums do not depend on their order and
/// so merge to the same bits. The label is kept apart: a model may prefer rare classes when it has to choose, while its
/// probabilities stay those that are right on average.
package struct Sentiment: Equatable, Sendable {
    package static let one: Int64 = 1_000_000

    package let negative: Int64
    package let neutral: Int64
    package let positive: Int64
    package let label: SentimentLabel

    /// Rounds two probabilities and gives the rest to neutral; the label is the most probable class unless given.
    package init(negative: Float, positive: Float, label: SentimentLabel? = nil) {
        let low = Self.fixed(negative)
        self.init(negative: low, upTo: Self.fixed(positive), label: label)
    }

    /// The sentiment with exactly these millionths; `nil` when they are negative or more than one together.
    package init?(negative: Int64, positive: Int64, label: SentimentLabel? = nil) {
        guard negative >= 0, positive >= 0, negative <= Self.one, positive <= Self.one - negative else { return nil }
        self.init(negative: negative, upTo: positive, label: label)
    }

    private init(negative: Int64, upTo positive: Int64, label: SentimentLabel?) {
        self.negative = negative
        self.positive = min(positive, Self.one - negative)
        neutral = Self.one - negative - self.positive
        self.label = label ?? Self.mostProbable(negative, neutral, self.positive)
    }

    /// Ties go to neutral, then negative.
    private static func mostProbable(_ negative: Int64, _ neutral: Int64, _ positive: Int64) -> SentimentLabel {
        if neutral >= negative && neutral >= positive { return .neutral }
        return negative >= positive ? .negative : .positive
    }

    /// The probability of the label, in millionths: lower than another class's where the label was preferred for its
    /// rarity.
    package var confidence: Int64 {
        switch label {
        case .negative: negative
        case .neutral: neutral
        case .positive: positive
        }
    }

    /// Whether no class is as probable as `threshold` (in millionths).
    package func isUnsure(below threshold: Int64) -> Bool { max(negative, neutral, positive) < threshold }

    /// A probability in millionths.
    package static func fixed(_ probability: Float) -> Int64 {
        guard probability > 0 else { return 0 }
        return Int64((Double(min(probability, 1)) * Double(one)).rounded())
    }
}
