import Neural
import Text

/// Judges networks by validation texts whose features are read once.
struct Judge {
    /// What logits are worth, once calibrated.
    struct Mark {
        let calibration: Calibration
        let confusion: ConfusionMatrix
        let logLoss: Double
    }

    let features: [TextFeatures]
    let packed: PackedTokens
    private let labels: [Int]
    private let preferences: [Float]
    private let classes: Int

    init(_ validation: [LabelledText], classes: Int, settings: FastTrainer.Settings) {
        var extractor = FeatureExtractor(settings: settings.features)
        features = validation.map { extractor.features(of: $0.text) }
        packed = PackedTokens(features)
        labels = validation.map(\.label)
        // The mean importance of a class's examples is its inverse share to the power: its logarithm prefers it by as much.
        let importance = Self.importance(of: validation, classes, power: settings.balance)
        var preferences = [Float](repeating: 0, count: classes)
        for (example, weight) in zip(validation, importance) {
            preferences[example.label] = Float(Logarithm.natural(Double(weight)))
        }
        self.preferences = preferences
        self.classes = classes
    }

    func mark(_ logits: Matrix) -> Mark {
        var calibration = Calibration(fitting: logits, labels: labels, weights: labels.map { _ in 1 })
        calibration.preferences = preferences
        var loss = 0.0
        let chosen = labels.indices.map { row in
            let probabilities = calibration.probabilities(logits, row: row)
            loss -= Logarithm.natural(Double(max(probabilities[labels[row]], 1e-30)))
            return calibration.choice(of: probabilities.map { Float(Logarithm.natural(Double(max($0, 1e-30)))) })
        }
        return Mark(
            calibration: calibration,
            confusion: ConfusionMatrix(truth: labels, chosen: chosen, classes: classes),
            logLoss: loss / Double(max(labels.count, 1)))
    }

    /// The importance of each example: the inverse share of its class, to a power.
    static func importance(of examples: [LabelledText], _ classes: Int, power: Float) -> [Float] {
        var counts = [Float](repeating: 0, count: classes)
        for example in examples { counts[example.label] += 1 }
        return examples.map { Logarithm.power(Float(examples.count) / (Float(classes) * counts[$0.label]), power) }
    }
}
