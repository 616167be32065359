internal import Neural

/// The loss of a part of a batch and its gradients.
struct EncoderGradient: Sendable {
    private(set) var loss = 0.0
    private(set) var encoder: TrainedWeights
    private(set) var head: Linear

    /// - Parameter classWeights: what the loss of each class counts, over the size of the whole batch.
    init(
        _ weights: EncoderWeights, _ head: Linear, _ examples: [EncoderTask.Example], classWeights: [Float],
        dropout: EncoderPass.Dropout?, arithmetic: Arithmetic
    ) {
        encoder = weights.trained.zeros
        self.head = Linear(
            weight: Matrix(rows: head.weight.rows, columns: head.weight.columns),
            bias: [Float](repeating: 0, count: head.bias.count))
        guard !examples.isEmpty else { return }
        var batch = TokenBatch()
        for example in examples { batch.append(example.ids, types: example.types) }
        let pass = EncoderPass(weights, batch, dropout: dropout, arithmetic: arithmetic)
        let features = MeanPool.forward(pass.hidden, batch)
        var logits = Softmax.probabilities(head(features))
        for (row, example) in examples.enumerated() {
            let weight = classWeights[example.label]
            loss -= Double(weight) * Logarithm.natural(Double(max(logits[row, example.label], 1e-30)))
            logits[row, example.label] -= 1
            for column in 0..<logits.columns { logits[row, column] *= weight }
        }
        let top = head.backward(features, logits)
        self.head = Linear(weight: top.weight, bias: top.bias)
        _ = pass.backward(MeanPool.backward(top.x, batch), weights, into: &encoder)
    }

    mutating func add(_ other: Self) {
        loss += other.loss
        encoder.add(other.encoder)
        Vector.add(other.head.weight.values, to: &head.weight.values)
        Vector.add(other.head.bias, to: &head.bias)
    }
}
