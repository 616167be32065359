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
        packed = PackedTokens(features, span: settings.span)
        labels = validation.map(\.label)
        // The logarithm of a class's importance prefers it by as much.
        preferences = Self.importance(of: validation, classes, power: settings.balance).map {
            Float(Logarithm.natural(Double($0)))
        }
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

    /// The importance of each class: its inverse share of the examples, to a power; 1 where there are none.
    static func importance(of examples: [LabelledText], _ classes: Int, power: Float) -> [Float] {
        var counts = [Float](repeating: 0, count: classes)
        for example in examples { counts[example.label] += 1 }
        return counts.map {
            $0 == 0 ? 1 : Logarithm.power(Float(examples.count) / (Float(classes) * $0), power)
        }
    }
}
