import Neural
import Text

/// One batch forward through the network, keeping what its gradient needs.
struct TrainingPass {
    private let packed: PackedTokens
    private let embedded: Matrix
    private let pooled: MaxPool.Output
    private let mask: [Float]
    private let dropped: Matrix
    let logits: Matrix

    /// - `mask` is multiplied with the pooled values: 0 drops one, and the kept are scaled up.
    init(
        _ embedding: EmbeddingBag, _ convolution: Convolution, _ head: Linear, _ packed: PackedTokens, mask: [Float]
    ) {
        self.packed = packed
        self.mask = mask
        embedded = embedding(packed.bags)
        pooled = MaxPool.forward(convolution(embedded), segments: packed.segments)
        var dropped = pooled.values
        for index in dropped.values.indices { dropped.values[index] *= mask[index] }
        self.dropped = dropped
        logits = head(dropped)
    }

    /// The weighted mean cross entropy, and its gradient by the logits.
    func loss(labels: [Int], weights: [Float]) -> (value: Double, logits: Matrix) {
        var gradient = Softmax.probabilities(logits)
        var value = 0.0
        let share = 1 / Float(max(labels.count, 1))
        for (row, label) in labels.enumerated() {
            value -= Double(weights[row] * share) * Logarithm.natural(Double(max(gradient[row, label], 1e-30)))
            gradient[row, label] -= 1
            for column in 0..<gradient.columns { gradient[row, column] *= weights[row] * share }
        }
        return (value, gradient)
    }

    /// The gradients of head and convolution; that of the embeddings is added to `sparse`.
    func backward(
        _ dLogits: Matrix, _ embedding: EmbeddingBag, _ convolution: Convolution, _ head: Linear,
        into sparse: inout SparseGradient
    ) -> (convolution: (weight: Matrix, bias: [Float]), head: (weight: Matrix, bias: [Float])) {
        let top = head.backward(dropped, dLogits)
        var dPooled = top.x
        for index in dPooled.values.indices { dPooled.values[index] *= mask[index] }
        let dFiltered = MaxPool.backward(pooled, dPooled, rows: embedded.rows)
        let middle = convolution.backward(embedded, dFiltered)
        embedding.backward(middle.x, packed.bags, into: &sparse)
        return ((middle.weight, middle.bias), (top.weight, top.bias))
    }
}
