package import Neural
package import Text

/// How well heads over an encoder answer the validation texts of their tasks.
package struct EncoderMarks: Sendable {
    package struct Mark: Sendable {
        package let task: TextTask
        /// Fitted to the validation texts.
        package let calibration: Calibration
        /// The task's official mark, 0 to 1.
        package let mark: Double
        package let accuracy: Double
        /// Mean over the validation texts, in nats.
        package let logLoss: Double
    }

    package private(set) var marks: [Mark] = []

    /// The mean of the tasks' marks, by which training stops.
    package var mean: Double { marks.isEmpty ? 0 : marks.reduce(0) { $0 + $1.mark } / Double(marks.count) }

    /// How far rare classes are preferred when a label is chosen: half of what would make all classes alike.
    ///
    /// The tasks' marks weigh classes alike, or ask for the rare one; probabilities know nothing of it.
    private static let balance: Float = 0.5
    /// The official mark of sentiment is the mean recall, which the inverse share maximises.
    private static let fullBalance: Float = 1

    package init(
        _ weights: EncoderWeights, tasks: [EncoderTask], heads: [Linear], arithmetic: Arithmetic = .best
    ) {
        for (task, head) in zip(tasks, heads) {
            guard let name = task.task, !task.validation.isEmpty else { continue }
            let logits = Self.logits(task.validation, weights, head, arithmetic)
            marks.append(Self.mark(name, logits, labels: task.validation.map(\.label)))
        }
    }

    /// Fits a calibration to logits and judges the labels it chooses.
    package static func mark(_ task: TextTask, _ logits: Matrix, labels: [Int]) -> Mark {
        var calibration = Calibration(fitting: logits, labels: labels, weights: labels.map { _ in 1 })
        let classes = logits.columns
        var counts = [Float](repeating: 0, count: classes)
        for label in labels { counts[label] += 1 }
        let power = task == .sentiment ? fullBalance : balance
        calibration.preferences = counts.map { count in
            count == 0 ? 0 : Float(Logarithm.natural(Double(Float(labels.count) / (Float(classes) * count)))) * power
        }
        var confusion = ConfusionMatrix(classes: classes)
        var loss = 0.0
        for (row, label) in labels.enumerated() {
            let probabilities = calibration.probabilities(logits, row: row)
            loss -= Logarithm.natural(Double(max(probabilities[label], 1e-30)))
            let calibrated = (0..<classes).map { calibration.scale * logits[row, $0] + calibration.biases[$0] }
            confusion.count(truth: label, chosen: calibration.choice(of: calibrated))
        }
        return Mark(
            task: task, calibration: calibration, mark: task.mark(of: confusion), accuracy: confusion.accuracy,
            logLoss: loss / Double(max(labels.count, 1)))
    }

    private static func logits(
        _ examples: [EncoderTask.Example], _ weights: EncoderWeights, _ head: Linear, _ arithmetic: Arithmetic
    ) -> Matrix {
        // Enough texts for full products, few enough for the memory of a pass.
        let size = 32
        let rows = Parallel.map((examples.count + size - 1) / size) { part in
            var batch = TokenBatch()
            for example in examples[part * size..<min((part + 1) * size, examples.count)] {
                batch.append(example.ids, types: example.types)
            }
            return head(MeanPool.forward(EncoderPass(weights, batch, arithmetic: arithmetic).hidden, batch)).values
        }
        return Matrix(rows: examples.count, columns: head.weight.rows, values: Array(rows.joined()))
    }
}
