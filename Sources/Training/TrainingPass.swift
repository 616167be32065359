import Neural
import Text

/// One batch forward through the network, keeping what its gradient needs.
struct TrainingPass {
    private let packed: PackedTokens
    private let embedded: Matrix
    /// For each convolution.
    private let pooled: [MaxPool.Output]
    private let mask: [Float]
    private let dropped: Matrix
    let logits: Matrix

    /// - `mask` is multiplied with the pooled values: 0 drops one, and the kept are scaled up.
    init(
        _ embedding: EmbeddingBag, _ convolutions: [Convolution], _ head: Linear, _ packed: PackedTokens, mask: [Float]
    ) {
        self.packed = packed
        self.mask = mask
        let embedded = embedding(packed.bags)
        self.embedded = embedded
        pooled = convolutions.map { MaxPool.forward($0(embedded), segments: packed.segments) }
        var dropped = Matrix(beside: pooled.map(\.values))
        for index in dropped.values.indices { dropped.values[index] *= mask[index] }
        self.dropped = dropped
        logits = head(dropped)
    }

    /// The weighted mean cross entropy of these items of the targets, a row of the batch each, and its gradient by the
    /// logits.
    func loss(_ targets: Targets, of items: some Collection<Int>) -> (value: Double, logits: Matrix) {
        var gradient = Softmax.probabilities(logits)
        var value = 0.0
        let share = 1 / Float(max(items.count, 1))
        for (row, item) in items.enumerated() {
            let weight = targets.weights[item] * share
            for (column, wanted) in targets[item].enumerated() {
                let found = gradient[row, column]
                value -= Double(weight * wanted) * Logarithm.natural(Double(max(found, 1e-30)))
                gradient[row, column] = (found - wanted) * weight
            }
        }
        return (value, gradient)
    }

    /// The gradients of weights and biases of the head and of each convolution; that of the embeddings is added to
    /// `sparse`.
    func backward(
        _ dLogits: Matrix, _ embedding: EmbeddingBag, _ convolutions: [Convolution], _ head: Linear,
        into sparse: inout SparseGradient
    ) -> (convolutions: [(weight: Matrix, bias: [Float])], head: (weight: Matrix, bias: [Float])) {
        let top = head.backward(dropped, dLogits)
        var dPooled = top.x
        for index in dPooled.values.indices { dPooled.values[index] *= mask[index] }
        var dEmbedded = Matrix(rows: embedded.rows, columns: embedded.columns)
        var first = 0
        let gradients = zip(convolutions, pooled).map { convolution, pooled in
            let part = dPooled.columns(first..<first + convolution.filters)
            first += convolution.filters
            let middle = convolution.backward(embedded, MaxPool.backward(pooled, part, rows: embedded.rows))
            Vector.add(middle.x.values, to: &dEmbedded.values)
            return (middle.weight, middle.bias)
        }
        embedding.backward(dEmbedded, packed.bags, into: &sparse)
        return (gradients, (top.weight, top.bias))
    }
}
