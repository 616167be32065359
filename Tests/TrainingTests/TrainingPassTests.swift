import Neural
import Testing

@testable import Text
@testable import Training

/// The gradient of the whole network, dropout included, against differences of the loss.
@Suite struct TrainingPassTests {
    /// Two texts of one class, and two that a teacher is of two minds about.
    private static let targets = {
        var targets = Targets(classes: 3)
        targets.add(label: 0, importance: [1, 1, 1])
        targets.add([0.2, 0.1, 0.7], importance: [2, 1, 0.5], weight: 0.5)
        targets.add(label: 1, importance: [1, 2, 1])
        targets.add([0.5, 0.5, 0], importance: [1, 1, 1])
        return targets
    }()

    private struct Parts {
        var embedding: EmbeddingBag
        var convolutions: [Convolution]
        var head: Linear
        var packed: PackedTokens
        var mask: [Float]

        init(seed: UInt64) {
            var random = SplitMix(seed: seed)
            embedding = EmbeddingBag(table: Matrix(rows: 16, columns: 4, deviation: 1, using: &random))
            convolutions = [(3, 3), (5, 2)].map { span, filters in
                Convolution(
                    weight: Matrix(rows: 4 * span, columns: filters, deviation: 0.5, using: &random),
                    bias: (0..<filters).map { _ in random.normal() * 0.1 }, span: span)
            }
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
            packed = PackedTokens(texts, span: 5)
        }

        var pass: TrainingPass { TrainingPass(embedding, convolutions, head, packed, mask: mask) }

        var loss: Double { pass.loss(TrainingPassTests.targets, of: 0..<4).value }
    }

    @Test(arguments: 0..<5 as Range<UInt64>) func gradientsMatchDifferences(seed: UInt64) {
        let parts = Parts(seed: seed)
        let pass = parts.pass
        var sparse = SparseGradient(rows: 16, width: 4)
        let dLogits = pass.loss(Self.targets, of: 0..<4).logits
        let gradients = pass.backward(dLogits, parts.embedding, parts.convolutions, parts.head, into: &sparse)
        check(parts, \.head.weight.values, gradients.head.weight.values, "head weight, seed \(seed)")
        check(parts, \.head.bias, gradients.head.bias, "head bias, seed \(seed)")
        for (index, gradient) in gradients.convolutions.enumerated() {
            check(parts, \.convolutions[index].weight.values, gradient.weight.values, "kernel, seed \(seed)")
            check(parts, \.convolutions[index].bias, gradient.bias, "kernel bias, seed \(seed)")
        }
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
            above[keyPath: path][index] += 1e-3
            below[keyPath: path][index] -= 1e-3
            let slope = (above.loss - below.loss) / 2e-3
            if abs(slope - Double(gradient[index])) > 2e-3 { wrong += 1 }
        }
        #expect(wrong <= gradient.count / 16, what)
    }
}
