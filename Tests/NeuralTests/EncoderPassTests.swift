import Foundation
import Harness
import Neural
import Testing

@Suite struct EncoderPassTests {
    /// A small encoder of random weights and three texts of different lengths.
    private struct Small {
        static let shape = EncoderShape(
            width: 16, heads: 2, layers: 2, inner: 32, vocabulary: 20, positions: 12, normEpsilon: 1e-5)
        var weights: EncoderWeights
        var batch = TokenBatch()
        /// The loss is the inner product of the last hidden states with this.
        let direction: Matrix

        init(seed: UInt64) {
            weights = TinyEncoder.weights(Self.shape, deviation: 0.3, seed: seed)
            batch.append([1, 5, 7, 2])
            batch.append([1, 9, 2], types: [0, 1, 1])
            batch.append([1, 3, 4, 8, 19, 2])
            var random = SplitMix(seed: seed &+ 1)
            direction = Matrix(rows: batch.tokens, columns: 16, deviation: 1, using: &random)
        }

        func loss(_ weights: EncoderWeights, embeddings: Matrix? = nil, dropout: EncoderPass.Dropout? = nil) -> Double {
            Vector.dot(
                EncoderPass(weights, batch, embeddings: embeddings, dropout: dropout).hidden.values, direction.values)
        }
    }

    @Test(arguments: [nil, Float(0.2)])
    func everyGradientIsTheSlopeOfTheLoss(dropped: Float?) throws {
        var small = Small(seed: 4)
        let dropout = dropped.map { EncoderPass.Dropout(share: $0, seed: 9) }
        var gradient = small.weights.trained.zeros
        _ = EncoderPass(small.weights, small.batch, dropout: dropout)
            .backward(small.direction, small.weights, into: &gradient)
        let gradients = gradient.arrays
        var random = SplitMix(seed: 11)
        for number in gradients.indices {
            for _ in 0..<4 {
                let place = Int(random.next() % UInt64(gradients[number].count))
                func loss(_ change: Float) -> Double {
                    var index = 0
                    small.weights.trained.visit { array, _, _ in
                        if index == number { array[place] += change }
                        index += 1
                    }
                    return small.loss(small.weights, dropout: dropout)
                }
                // A central difference; the second call takes the first's change back.
                let step: Float = 1e-2
                let slope = (loss(step) - loss(-2 * step)) / Double(2 * step)
                _ = loss(step)
                let exact = Double(gradients[number][place])
                #expect(abs(slope - exact) < 0.02 * max(1, abs(exact)), "array \(number), place \(place)")
            }
        }
    }

    @Test func theGradientOfTheEmbeddingsIsTheSlopeOfTheLoss() {
        let small = Small(seed: 5)
        var gradient = small.weights.trained.zeros
        let exact = EncoderPass(small.weights, small.batch).backward(small.direction, small.weights, into: &gradient)
        let embeddings = EncoderPass.embeddings(of: small.batch, small.weights)
        for place in stride(from: 0, to: embeddings.values.count, by: 7) {
            func loss(_ change: Float) -> Double {
                var moved = embeddings
                moved.values[place] += change
                return small.loss(small.weights, embeddings: moved)
            }
            let slope = (loss(1e-2) - loss(-1e-2)) / 2e-2
            #expect(abs(slope - Double(exact.values[place])) < 0.02 * max(1, abs(slope)), "place \(place)")
        }
    }

    @Test func aTextHasTheSameStatesWhateverItsNeighbours() {
        let small = Small(seed: 6)
        let together = EncoderPass(small.weights, small.batch).hidden
        for text in 0..<small.batch.count {
            let tokens = small.batch[text]
            var alone = TokenBatch()
            alone.append(Array(small.batch.ids[tokens]), types: Array(small.batch.types[tokens]))
            let hidden = EncoderPass(small.weights, alone).hidden
            let expected = together.values[tokens.lowerBound * 16..<tokens.upperBound * 16]
            for (value, other) in zip(hidden.values, expected) { #expect(abs(value - other) < 1e-5) }
        }
    }
}
