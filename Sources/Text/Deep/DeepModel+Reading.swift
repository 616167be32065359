package import Neural
internal import Subwords

extension DeepModel {
    /// Texts whose tokens are held at once; the encoder takes them in smaller blocks.
    private static let batchTexts = 256

    /// Answers all tasks without a target about each text.
    package func read(_ texts: [String]) -> [TextScores] {
        let features = features(texts)
        var results = [TextScores](repeating: TextScores(), count: texts.count)
        for task in configuration.tasks where !task.task.hasTarget {
            guard let head = heads[task.task] else { continue }
            let logits = head.inFixedOrder(features)
            for row in texts.indices { results[row][task.task] = Self.score(logits, row: row, task.calibration) }
        }
        return results
    }

    /// The stance of each text towards a target; empty when the model was not trained for it.
    package func stance(_ texts: [String], towards target: String) -> [TaskScore] {
        guard let head = heads[.stance], let task = configuration.tasks.first(where: { $0.task == .stance }) else {
            return []
        }
        let logits = head.inFixedOrder(
            pooled(texts) { text, batch in
                let pair = tokenizer.encode(target, PlainWords.of(text), limit: configuration.tokenLimit)
                batch.append(pair.ids, types: pair.types)
            })
        return texts.indices.map { Self.score(logits, row: $0, task.calibration) }
    }

    /// The mean of each text's last hidden states, `[texts, width]`: what heads are trained on.
    package func features(_ texts: [String]) -> Matrix {
        pooled(texts) { text, batch in batch.append(tokens(of: text)) }
    }

    /// The tokens that the encoder sees; equal tokens have equal answers.
    package func tokens(of text: String) -> [Int32] {
        tokenizer.encode(PlainWords.of(text), limit: configuration.tokenLimit)
    }

    private func pooled(_ texts: [String], append: (String, inout TokenBatch) -> Void) -> Matrix {
        var values: [Float] = []
        values.reserveCapacity(texts.count * encoder.shape.width)
        for start in stride(from: 0, to: texts.count, by: Self.batchTexts) {
            var batch = TokenBatch()
            for text in texts[start..<min(start + Self.batchTexts, texts.count)] { append(text, &batch) }
            values += encoder.pooled(batch).values
        }
        return Matrix(rows: texts.count, columns: encoder.shape.width, values: values)
    }

    private static func score(_ logits: Matrix, row: Int, _ calibration: Calibration) -> TaskScore {
        var values = (0..<logits.columns).map { calibration.scale * logits[row, $0] + calibration.biases[$0] }
        let label = calibration.choice(of: values)
        Softmax.normalise(&values)
        return TaskScore(probabilities: values, label: label)
    }
}
