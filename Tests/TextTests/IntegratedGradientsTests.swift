import Foundation
import Neural
import Testing

@testable import Text

@Suite struct IntegratedGradientsTests {
    /// `f(Σ a·x)` with its gradients.
    private static func samples(
        _ points: [Matrix], _ a: Matrix, _ f: (Double) -> (value: Double, slope: Double)
    ) -> IntegratedGradients.Samples {
        let found = points.map { f(Vector.dot($0.values, a.values)) }
        return IntegratedGradients.Samples(
            values: found.map(\.value),
            gradients: found.map { sample in
                Matrix(rows: a.rows, columns: a.columns, values: a.values.map { $0 * Float(sample.slope) })
            })
    }

    private static let a = Matrix(rows: 3, columns: 2, values: [1, 2, 0, 0, -1, 1])
    private static let input = Matrix(rows: 3, columns: 2, values: [1, 1, 5, 5, 1, -0.5])
    private static let baseline = Matrix(rows: 3, columns: 2)

    @Test func sharesOfALinearFunctionAreItsTerms() {
        let found = IntegratedGradients(from: Self.baseline, to: Self.input) { points in
            Self.samples(points, Self.a) { ($0, 1) }
        }
        #expect(zip(found.shares, [3, 0, -1.5]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(found.steps == 10)
    }

    @Test func aSharpBendTakesMoreStepsAndAddsUpAllTheSame() {
        func bend(_ x: Double) -> (value: Double, slope: Double) {
            let share = 1 / (1 + exp(-60 * (x - 0.3)))
            return (share, 60 * share * (1 - share))
        }
        let found = IntegratedGradients(from: Self.baseline, to: Self.input) { points in
            Self.samples(points, Self.a, bend)
        }
        #expect(found.steps > 10 && found.steps < IntegratedGradients.stepLimit)
        #expect(found.gap <= IntegratedGradients.tolerance * abs(found.end - found.start))
        // The same slope everywhere: the shares are in the proportion of the terms.
        #expect(abs(found.shares[0] / found.shares[2] + 2) < 1e-3)
    }

    @Test func aFunctionThatNeverAddsUpEndsAtTheLimit() {
        let found = IntegratedGradients(from: Self.baseline, to: Self.input) { points in
            Self.samples(points, Self.a) { ($0, 2) }
        }
        #expect(found.steps >= IntegratedGradients.stepLimit && found.steps < IntegratedGradients.stepLimit + 17)
        #expect(found.gap > 1)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>) func theTokensOfAnEncoderAddUp(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let weights = SmallEncoder.random(using: &random)
        let head = Linear(weight: Matrix(rows: 3, columns: 16, deviation: 1, using: &random), bias: [0.1, 0, -0.1])
        let explain = EncoderReasons(weights: weights, head: head)
        let lead = Lead(of: 1, probabilities: [0.3, 0.5, 0.2], scale: 1)
        let isWord = [false, true, true, true, false]
        let found = explain([1, 5, 7, 9, 2], types: [0, 0, 0, 0, 0], isWord: isWord, lead: lead)
        let gain = max(abs(found.end - found.start), IntegratedGradients.smallestGain)
        #expect(found.gap <= IntegratedGradients.tolerance * gain, "seed \(seed)")
        #expect(found.shares[0] == 0 && found.shares[4] == 0)
        #expect(found.shares[1...3].allSatisfy { $0 != 0 })
        // Padding has nothing to tell.
        let silent = explain([1, 5, 0, 9, 2], types: [0, 0, 0, 0, 0], isWord: isWord, lead: lead)
        #expect(silent.shares[2] == 0)
    }
}

/// An encoder of random weights.
enum SmallEncoder {
    static func random(using random: inout SplitMix) -> EncoderWeights {
        func matrix(_ rows: Int, _ columns: Int, _ deviation: Float = 0.3) -> Matrix {
            Matrix(rows: rows, columns: columns, deviation: deviation, using: &random)
        }
        func linear(_ outputs: Int, _ inputs: Int) -> Linear {
            Linear(weight: matrix(outputs, inputs), bias: matrix(1, outputs).values)
        }
        func norm() -> LayerNorm {
            LayerNorm(gain: matrix(1, 16).values.map { 1 + $0 }, bias: matrix(1, 16).values)
        }
        let layers = (0..<2).map { _ in
            EncoderLayer(
                attention: linear(48, 16), attentionOutput: linear(16, 16), attentionNorm: norm(),
                up: linear(32, 16), down: linear(16, 32), outputNorm: norm())
        }
        let shape = EncoderShape(
            width: 16, heads: 2, layers: 2, inner: 32, vocabulary: 20, positions: 12, normEpsilon: 1e-5)
        return EncoderWeights(
            shape: shape, words: EmbeddingTable(matrix(20, 16, 1)), positions: EmbeddingTable(matrix(12, 16)),
            types: EmbeddingTable(matrix(2, 16)), trained: TrainedWeights(embeddingNorm: norm(), layers: layers))
    }
}
