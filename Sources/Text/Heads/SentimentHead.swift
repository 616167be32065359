package import Domain
import Foundation
package import Neural

/// A brand's own sentiment classifier over the frozen features of a general model.
///
/// It begins with the general model's answer and adds what the brand's labels taught: so with few labels it says nearly
/// what the general model says. Small enough (some thousand numbers) to travel with a job's monitor. The same features
/// give the same bits in any batch and on any machine.
package struct SentimentHead: Codable, Equatable, Sendable {
    /// Raised when the arithmetic changes, so that old heads are refused and not misread.
    package static let currentFormat = 1

    package var format = currentFormat
    /// A short name: letters, digits and hyphens.
    package var name: String
    /// The version of the model that makes its features.
    package var features: String
    /// How far the general answer is believed: multiplied with its logarithmic probabilities.
    package var trust: Float
    /// One for each class.
    package var biases: [Float]
    /// For each class a weight for each feature.
    package var weights: [[Float]]
    /// What is added before a label is chosen; probabilities know nothing of it.
    package var preferences: [Float]
    /// How many labels it was trained from.
    package var labels: Int

    package init(
        name: String, features: String, trust: Float, biases: [Float], weights: [[Float]], preferences: [Float],
        labels: Int
    ) {
        self.name = name
        self.features = features
        self.trust = trust
        self.biases = biases
        self.weights = weights
        self.preferences = preferences
        self.labels = labels
    }

    /// What is wrong with it, if anything.
    package var complaint: String? {
        let classes = SentimentLabel.allCases.count
        if format != Self.currentFormat { return "format \(format), this program reads \(Self.currentFormat)" }
        if biases.count != classes || preferences.count != classes || weights.count != classes {
            return "not of \(classes) classes"
        }
        let width = weights[0].count
        if width > 1 << 16 || weights.contains(where: { $0.count != width }) { return "weights of different lengths" }
        if !(weights.joined() + biases + preferences + [trust]).allSatisfy(\.isFinite) {
            return "a weight is no number"
        }
        return nil
    }

    package var width: Int { weights[0].count }

    /// Logits of one text.
    ///
    /// - Parameters:
    ///   - features: the text's row.
    ///   - general: what the general model says of it.
    package func logits(_ features: some Collection<Float>, general: Sentiment) -> [Float] {
        precondition(features.count == width, "\(features.count) features, the head wants \(width)")
        let prior = GeneralAnswer.logarithms(of: general)
        // Added up in a fixed order, since BLAS picks another one for each size of batch.
        return weights.indices.map { label in
            var sum = biases[label] + trust * prior[label]
            for (weight, feature) in zip(weights[label], features) { sum += weight * feature }
            return sum
        }
    }

    /// The calibrated sentiment of each text.
    package func sentiments(_ features: Matrix, general: [Sentiment]) -> [Sentiment] {
        precondition(features.rows == general.count, "\(features.rows) rows of features, \(general.count) answers")
        return general.indices.map { row in
            let values = features.values[row * features.columns..<(row + 1) * features.columns]
            return sentiment(of: logits(values, general: general[row]))
        }
    }

    /// The sentiment that logits mean.
    package func sentiment(of logits: [Float]) -> Sentiment {
        var row = logits
        var label = 0
        for other in row.indices where row[other] + preferences[other] > row[label] + preferences[label] {
            label = other
        }
        Softmax.normalise(&row)
        return Sentiment(
            negative: row[0], positive: row[2], label: SentimentLabel(rawValue: UInt8(truncatingIfNeeded: label)))
    }
}

/// A general model's answer as a head reads it.
package enum GeneralAnswer {
    /// Probabilities below a thousandth are taken as one: a general model is never that sure of a brand it has not seen.
    private static let least: Float = 1e-3

    /// The natural logarithms of the three probabilities.
    package static func logarithms(of sentiment: Sentiment) -> [Float] {
        [sentiment.negative, sentiment.neutral, sentiment.positive].map {
            logarithm(max(Float($0) / Float(Sentiment.one), least))
        }
    }

    /// With additions, multiplications and one division only, so that it has the same bits everywhere.
    private static func logarithm(_ x: Float) -> Float {
        // ln(m·2^e) = e·ln 2 + 2·artanh((m - 1)/(m + 1)), with m from 1 up to 2.
        let ratio = (x.significand - 1) / (x.significand + 1)
        let square = ratio * ratio
        var series: Float = 1 / 13
        for divisor: Float in [11, 9, 7, 5, 3, 1] { series = series * square + 1 / divisor }
        return Float(x.exponent) * 0.693_147_18 + 2 * ratio * series
    }
}
