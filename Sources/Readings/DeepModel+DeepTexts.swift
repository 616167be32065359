package import Domain
package import Text

/// The tasks that a reading holds the answers of.
extension DeepModel: DeepTexts {
    package static let readingTasks: [TextTask] = [.sentiment, .irony, .offensive, .hate, .emotion]

    package func readings(of texts: [String]) -> [DeepReading] {
        read(texts).map { scores in
            guard let sentiment = scores[.sentiment], let irony = scores[.irony], let offence = scores[.offensive],
                let hate = scores[.hate], let emotion = scores[.emotion]
            else { preconditionFailure("\(version) lacks a task of a reading") }
            return DeepReading(
                sentiment: Sentiment(
                    negative: sentiment.probabilities[0], positive: sentiment.probabilities[2],
                    label: SentimentLabel(rawValue: UInt8(sentiment.label))),
                irony: DeepReading.Flag(irony), offence: DeepReading.Flag(offence), hate: DeepReading.Flag(hate),
                emotions: SIMD4(emotion.probabilities.map(Sentiment.fixed)),
                emotion: Emotion(rawValue: UInt8(emotion.label)) ?? .anger)
        }
    }
}

extension DeepReading.Flag {
    /// Of a task whose second class is yes.
    fileprivate init(_ score: TaskScore) {
        self.init(probability: Sentiment.fixed(score.probabilities[1]), isRaised: score.label == 1)
    }
}
