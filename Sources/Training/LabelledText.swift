package import Domain

/// A text and the class that a person gave it.
package struct LabelledText: Equatable, Sendable {
    package var text: String
    /// The class index, from 0.
    package var label: Int

    package init(text: String, label: Int) {
        self.text = text
        self.label = label
    }
}

/// One line of a labelled file, as `Decodable`: a text with a class index, or with the names of emotions.
package struct LabelledRecord: Decodable, Equatable, Sendable {
    package var text: String
    package var label: Int?
    package var labels: [String]?

    package init(text: String, label: Int? = nil, labels: [String]? = nil) {
        self.text = text
        self.label = label
        self.labels = labels
    }

    /// The text with its class, or with the sentiment of its emotions; nil where those contradict each other.
    package var labelled: LabelledText? {
        if let label { return LabelledText(text: text, label: label) }
        guard let sentiment = EmotionGroups.sentiment(of: labels ?? []) else { return nil }
        return LabelledText(text: text, label: Int(sentiment.rawValue))
    }
}

/// The emotions of GoEmotions by their sentiment, as its authors group them.
package enum EmotionGroups {
    private static let positive: Set<String> = [
        "admiration", "amusement", "approval", "caring", "desire", "excitement", "gratitude", "joy", "love", "optimism",
        "pride", "relief",
    ]
    private static let negative: Set<String> = [
        "anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment", "fear", "grief",
        "nervousness", "remorse", "sadness",
    ]

    /// Positive or negative when only emotions of that group are there, beside ambiguous ones such as surprise;
    /// neutral when "neutral" stands alone; nil otherwise.
    package static func sentiment(of emotions: [String]) -> SentimentLabel? {
        let isPositive = emotions.contains { positive.contains($0) }
        let isNegative = emotions.contains { negative.contains($0) }
        if isPositive && isNegative { return nil }
        if isPositive { return .positive }
        if isNegative { return .negative }
        return emotions == ["neutral"] ? .neutral : nil
    }
}
