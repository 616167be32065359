import Neural
import Text

/// Judges networks by validation texts whose features are read once.
struct Judge {
    /// What logits are worth, once calibrated.
    struct Mark {
        let calibration: Calibration
        let confusion: ConfusionMatrix
        /// Weighted as the calibration is.
        let logLoss: Double
    }

    let features: [TextFeatures]
    let packed: PackedTokens
    private let labels: [Int]
    private let weights: [Float]
    private let classes: Int

    init(_ validation: [LabelledText], classes: Int, settings: FastTrainer.Settings) {
        var extractor = FeatureExtractor(settings: settings.features)
        features = validation.map { extractor.features(of: $0.text) }
        packed = PackedTokens(features)
        labels = validation.map(\.label)
        weights = Self.importance(of: validation, classes, power: settings.balance)
        self.classes = classes
    }

    func mark(_ logits: Matrix) -> Mark {
        let calibration = Calibration(fitting: logits, labels: labels, weights: weights)
        var loss = 0.0
        let chosen = labels.indices.map { row in
            let probabilities = calibration.probabilities(logits, row: row)
            loss -= Double(weights[row]) * Logarithm.natural(Double(max(probabilities[labels[row]], 1e-30)))
            return probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        }
        return Mark(
            calibration: calibration,
            confusion: ConfusionMatrix(truth: labels, chosen: chosen, classes: classes),
            logLoss: loss / Double(weights.reduce(0, +)))
    }

    /// The importance of each example: the inverse share of its class, to a power.
    static func importance(of examples: [LabelledText], _ classes: Int, power: Float) -> [Float] {
        var counts = [Float](repeating: 0, count: classes)
        for example in examples { counts[example.label] += 1 }
        return examples.map { Logarithm.power(Float(examples.count) / (Float(classes) * counts[$0.label]), power) }
    }
}
