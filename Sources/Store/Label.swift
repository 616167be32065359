package import Domain

/// What a person said of a post of a brand.
package struct Label: Equatable, Sendable {
    package var brand: String
    /// The post's text; a brand has one label for a text.
    package var text: String
    package var label: SentimentLabel
    package var annotator: String
    /// When the post was published; `nil` when unknown.
    package var postedAt: Timestamp?
    /// Of a label drawn at random: how many posts it stands for, of which only ratios count.
    ///
    /// `nil` for a label that was chosen, which must not measure.
    package var sampleWeight: Double?

    package init(
        brand: String, text: String, label: SentimentLabel, annotator: String, postedAt: Timestamp? = nil,
        sampleWeight: Double? = nil
    ) {
        self.brand = brand
        self.text = text
        self.label = label
        self.annotator = annotator
        self.postedAt = postedAt
        self.sampleWeight = sampleWeight
    }
}

/// The name of a label in the database.
package struct LabelID: Hashable, Sendable {
    let rawValue: Int64
}

/// A job's way to judge posts: its monitor, which holds heads and thresholds, and its models.
package struct JobReading: Hashable, Sendable {
    package var monitorYAML: String
    package var monitorVersion: String
    package var modelVersion: String
}

/// What a model says of a labelled text.
package struct LabelAnswer: Equatable, Sendable {
    package var label: LabelID
    package var sentiment: Sentiment
    /// Whether it is counted as unsure.
    package var isUnsure: Bool

    package init(label: LabelID, sentiment: Sentiment, isUnsure: Bool) {
        self.label = label
        self.sentiment = sentiment
        self.isUnsure = isUnsure
    }
}

/// An example post that may be labelled.
package struct ExamplePost: Equatable, Sendable {
    package var text: String
    package var postedAt: Timestamp
    package var language: String
    /// How many posts of its brand, platform, language and day each of their examples stands for.
    package var standsFor: Double
}

/// A share corrected by a labelled sample, as `trends.corrected` shows it.
package struct CorrectedShareRow: Equatable, Sendable {
    package var monitor: String
    package var brand: String
    package var modelVersion: String
    package var label: SentimentLabel
    package var scored: Int64
    package var labels: Int64
    package var rawShare: Double
    package var share: Double
    package var low: Double
    package var high: Double
}
