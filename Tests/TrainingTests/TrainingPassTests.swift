import Neural
import Testing

@testable import Text
@testable import Training

/// The gradient of the whole network, dropout included, against differences of the loss.
@Suite struct TrainingPassTests {
    private static let labels = [0, 2, 1, 0]
    private static let weights: [Float] = [1, 0.5, 2, 1]

    private struct Parts {
        var embedding: EmbeddingBag
        var convolution: Convolution
        var head: Linear
        var packed: PackedTokens
        var mask: [Float]

        init(seed: UInt64) {
            var random = SplitMix(seed: seed)
            embedding = EmbeddingBag(table: Matrix(rows: 16, columns: 4, deviation: 1, using: &random))
            convolution = Convolution(
                weight: Matrix(rows: 12, columns: 5, deviation: 0.5, using: &random),
                bias: (0..<5).map { _ in random.normal() * 0.1 }, span: 3)
            head = Linear(weight: Matrix(rows: 3, columns: 5, deviation: 1, using: &random), bias: [0.1, 0, -0.1])
            mask = (0..<20).map { _ in random.uniform() < 0.3 ? 0 : 1.5 }
            // The last text is empty, as a post of spaces would be.
            let texts = [3, 1, 5, 0].map { tokens in
                var text = TextFeatures()
                for _ in 0..<tokens {
                    let rows = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                        UInt32.random(in: 0..<16, using: &random)
                    }
                    text.append(rows[...])
                }
                return text
            }
            packed = PackedTokens(texts)
        }

        var pass: TrainingPass { TrainingPass(embedding, convolution, head, packed, mask: mask) }

        var loss: Double { pass.loss(labels: TrainingPassTests.labels, weights: TrainingPassTests.weights).value }
    }

    @Test(arguments: 0..<5 as Range<UInt64>) func gradientsMatchDifferences(seed: UInt64) {
        let parts = Parts(seed: seed)
        let pass = parts.pass
        var sparse = SparseGradient(rows: 16, width: 4)
        let dLogits = pass.loss(labels: Self.labels, weights: Self.weights).logits
        let gradients = pass.backward(dLogits, parts.embedding, parts.convolution, parts.head, into: &sparse)
        check(parts, \.head.weight.values, gradients.head.weight.values, "head weight, seed \(seed)")
        check(parts, \.head.bias, gradients.head.bias, "head bias, seed \(seed)")
        check(parts, \.convolution.weight.values, gradients.convolution.weight.values, "kernel, seed \(seed)")
        check(parts, \.convolution.bias, gradients.convolution.bias, "kernel bias, seed \(seed)")
        check(parts, \.embedding.table.values, (0..<16).flatMap { Array(sparse[$0]) }, "table, seed \(seed)")
    }

    /// A filter whose largest value changes its place within the step has no derivative there: a few may differ.
    private func check(
        _ parts: Parts, _ path: WritableKeyPath<Parts, [Float]>, _ gradient: [Float], _ what: Comment
    ) {
        var wrong = 0
        for index in gradient.indices {
            var above = parts
            var below = parts
            above[keyPath: path][index] += 5e-3
            below[keyPath: path][index] -= 5e-3
            let slope = (above.loss - below.loss) / 1e-2
            if abs(slope - Double(gradient[index])) > 2e-3 { wrong += 1 }
        }
        #expect(wrong <= gradient.count / 16, what)
    }
}
