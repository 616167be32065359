/// The weights of an encoder in 32-bit floats.
///
/// The tables of words, positions and types are read in place and stay as they are; what can be trained is in the norm
/// of the embeddings and in the layers.
package struct EncoderWeights: Sendable {
  package let shape: EncoderShape
  package let words: EmbeddingTable
  package let positions: EmbeddingTable
  /// `nil` for families without token types.
  package let types: EmbeddingTable?
  package var trained: TrainedWeights

  package init(
    shape: EncoderShape, words: EmbeddingTable, positions: EmbeddingTable, types: EmbeddingTable?,
    trained: TrainedWeights
  ) {
    self.shape = shape
    self.words = words
    self.positions = positions
    self.types = types
    self.trained = trained
  }
}

/// The part of an encoder that training changes; gradients have the same form.
package struct TrainedWeights: Equatable, Sendable {
  package var embeddingNorm: LayerNorm
  package var layers: [EncoderLayer]

  package init(embeddingNorm: LayerNorm, layers: [EncoderLayer]) {
    self.embeddingNorm = embeddingNorm
    self.layers = layers
  }
}

/// One layer: attention and feed-forward parts, each with a residual connection and a norm behind it.
///
/// Source: Devlin et al., "BERT", arXiv 1810.04805.
package struct EncoderLayer: Equatable, Sendable {
  /// Queries, keys and values in one product: `[3·width, width]`.
  package var attention: Linear
  package var attentionOutput: Linear
  package var attentionNorm: LayerNorm
  package var up: Linear
  package var down: Linear
  package var outputNorm: LayerNorm

  package init(
    attention: Linear, attentionOutput: Linear, attentionNorm: LayerNorm, up: Linear, down: Linear,
    outputNorm: LayerNorm
  ) {
    self.attention = attention
    self.attentionOutput = attentionOutput
    self.attentionNorm = attentionNorm
    self.up = up
    self.down = down
    self.outputNorm = outputNorm
  }

  /// The matrices, which weight decay applies to.
  package static var matrices: [WritableKeyPath<Self, [Float]>] {
    [
      \.attention.weight.values, \.attentionOutput.weight.values, \.up.weight.values,
      \.down.weight.values,
    ]
  }
  /// Biases and norms.
  package static var vectors: [WritableKeyPath<Self, [Float]>] {
    [
      \.attention.bias, \.attentionOutput.bias, \.attentionNorm.gain, \.attentionNorm.bias,
      \.up.bias,
      \.down.bias, \.outputNorm.gain, \.outputNorm.bias,
    ]
  }
}
