/// What the text models say of one post.
package enum Reading: Equatable, Sendable {
    /// In a language that no model at hand reads.
    case unsupported
    /// The fast model's word alone.
    case fast(Sentiment)
    case deep(DeepReading)

    package var sentiment: Sentiment? {
        switch self {
        case .unsupported: nil
        case .fast(let sentiment): sentiment
        case .deep(let reading): reading.sentiment
        }
    }

    /// Whether the sentiment's label is not to be counted, however probable it looks.
    package var isDoubtful: Bool {
        guard case .deep(let reading) = self else { return false }
        return reading.isDoubtful
    }
}

/// What the deep model says of one post; probabilities are calibrated and in millionths.
package struct DeepReading: Equatable, Sendable {
    /// A yes or no that may be wrong: the probability of yes, and whether the model would say it.
    package struct Flag: Equatable, Sendable {
        package var probability: Int64
        package var isRaised: Bool

        package init(probability: Int64, isRaised: Bool) {
            self.probability = probability
            self.isRaised = isRaised
        }
    }

    package var sentiment: Sentiment
    /// See `Reading.isDoubtful`; here praise that is surely ironic.
    package var isDoubtful: Bool
    package var irony: Flag
    package var offence: Flag
    package var hate: Flag
    /// The probability of each emotion, by its raw value.
    package var emotions: SIMD4<Int64>
    package var emotion: Emotion

    package init(
        sentiment: Sentiment, isDoubtful: Bool = false, irony: Flag, offence: Flag, hate: Flag,
        emotions: SIMD4<Int64>, emotion: Emotion
    ) {
        self.sentiment = sentiment
        self.isDoubtful = isDoubtful
        self.irony = irony
        self.offence = offence
        self.hate = hate
        self.emotions = emotions
        self.emotion = emotion
    }
}

/// The emotions that the deep model tells apart.
///
/// The raw value is the class index of models and label files.
package enum Emotion: UInt8, CaseIterable, Sendable, Hashable {
    case anger = 0
    case joy = 1
    case optimism = 2
    case sadness = 3

    package var name: String { String(describing: self) }
}
