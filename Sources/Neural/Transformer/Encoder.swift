/// A transformer encoder for inference: weights packed once, never changed, shared by any number of threads.
///
/// Texts lie one behind the other without padding and attend to themselves alone. The same text gets the same bits
/// whatever other texts are in the batch and in whatever order; other instruction sets give other bits.
package struct Encoder: Sendable {
    package let shape: EncoderShape
    package let precision: Precision
    package let instructions: InstructionSet

    private let words: EmbeddingTable
    private let positions: EmbeddingTable
    private let types: EmbeddingTable?
    private let embeddingNorm: LayerNorm
    private let layers: [PackedEncoderLayer]

    /// Texts are taken together up to so many tokens: enough to use all lanes, few enough to stay near the core.
    private static let blockTokens = 336

    /// Packs the weights.
    ///
    /// - Parameter precision: where the processor has no instructions for it, `fp32` is taken.
    package init(
        _ weights: EncoderWeights, precision: Precision = .best, instructions: InstructionSet = .best
    ) {
        let isHere = precision != .bf16 || instructions == .avx512BF16
        let precision = isHere ? precision : .fp32
        shape = weights.shape
        self.precision = precision
        self.instructions = instructions
        words = weights.words
        positions = weights.positions
        types = weights.types
        embeddingNorm = weights.trained.embeddingNorm
        layers = weights.trained.layers.map { PackedEncoderLayer($0, shape: weights.shape, precision: precision) }
    }

    /// The last hidden states of all tokens, `[tokens, width]`.
    ///
    /// A text longer than the shape's `tokenLimit`, or a token outside the vocabulary, traps.
    package func callAsFunction(_ batch: TokenBatch) -> Matrix {
        var result = Matrix(rows: batch.tokens, columns: shape.width)
        result.values.withUnsafeMutableBufferPointer { rows in
            guard let rows = rows.baseAddress else { return }
            for texts in blocks(of: batch) {
                forward(batch, texts).store(into: rows + start(of: texts, in: batch) * shape.width)
            }
        }
        return result
    }

    /// The mean of the last hidden states over each text's tokens, `[texts, width]`; zeros for a text without tokens.
    package func pooled(_ batch: TokenBatch) -> Matrix {
        MeanPool.forward(self(batch), batch)
    }

    /// Texts that go through the layers together.
    private func blocks(of batch: TokenBatch) -> [Range<Int>] {
        var blocks: [Range<Int>] = []
        var first = 0
        for text in 0..<batch.count
        where batch[text].upperBound - start(of: first..<text, in: batch) > Self.blockTokens && text > first {
            blocks.append(first..<text)
            first = text
        }
        if first < batch.count { blocks.append(first..<batch.count) }
        return blocks
    }

    private func start(of texts: Range<Int>, in batch: TokenBatch) -> Int {
        texts.lowerBound == 0 ? 0 : batch.ends[texts.lowerBound - 1]
    }

    private func forward(_ batch: TokenBatch, _ texts: Range<Int>) -> EncoderBlock {
        let start = start(of: texts, in: batch)
        let tokens = start..<batch.ends[texts.upperBound - 1]
        let longest = texts.reduce(0) { max($0, batch[$1].count) }
        precondition(longest <= shape.tokenLimit, "a text of \(longest) tokens, \(shape.tokenLimit) are possible")
        let block = EncoderBlock(
            tokens: tokens.count, longest: longest, shape: shape, precision: precision, kernels: instructions.kernels)
        block.load(embeddings(of: batch, texts, tokens))
        for panel in block.panels {
            block.normalise(panel, embeddingNorm)
            if let first = layers.first { block.project(panel, first.attention) }
        }
        for (number, layer) in layers.enumerated() {
            // In order: a text's result may spill into the place of the next one's.
            for text in texts where !batch[text].isEmpty {
                block.attend(
                    batch[text].lowerBound - start..<batch[text].upperBound - start, exact: precision == .fp32)
            }
            for panel in block.panels {
                block.addAttention(panel, layer.attentionOutput)
                block.normalise(panel, layer.attentionNorm)
                block.addFeedForward(panel, up: layer.up, down: layer.down)
                block.normalise(panel, layer.outputNorm)
                if number + 1 < layers.count { block.project(panel, layers[number + 1].attention) }
            }
        }
        return block
    }

    /// The sums of word, position and type vectors.
    private func embeddings(of batch: TokenBatch, _ texts: Range<Int>, _ tokens: Range<Int>) -> [Float] {
        var sums = [Float](repeating: 0, count: tokens.count * shape.width)
        words.add(Array(batch.ids[tokens]), to: &sums)
        let places = texts.flatMap { text in
            (0..<Int32(batch[text].count)).map { $0 + Int32(shape.firstPosition) }
        }
        positions.add(places, to: &sums)
        types?.add(batch.types[tokens].map(Int32.init), to: &sums)
        return sums
    }
}
