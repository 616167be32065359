/// One batch forward through an encoder in 32-bit floats, keeping what its gradient needs.
///
/// Texts lie one behind the other without padding; each attends to itself alone.
package struct EncoderPass {
  /// Leaves out a share of the values behind each part of a layer while training; one seed drops the same values.
  package struct Dropout: Sendable {
    package var share: Float
    package var seed: UInt64

    package init(share: Float, seed: UInt64) {
      self.share = share
      self.seed = seed
    }

    /// Another seed for each place in the encoder.
    func seed(layer: Int, place: Int) -> UInt64 {
      var mix = SplitMix(seed: seed &+ UInt64((layer + 1) * 8 + place) &* 0x9e37_79b9)
      return mix.next()
    }
  }

  private struct Layer {
    var input: [Float]
    var qkv: [Float]
    var chances: [Float]
    var context: [Float]
    var attended: Elementwise.Normalised
    var middle: [Float]
    var raised: [Float]
    var activated: [Float]
    var output: Elementwise.Normalised
  }

  /// The last hidden states, `[tokens, width]`.
  package let hidden: Matrix
  private let batch: TokenBatch
  private let shape: EncoderShape
  private let dropout: Dropout?
  private let arithmetic: Arithmetic
  private let embedded: Elementwise.Normalised
  private var layers: [Layer] = []

  /// - Parameters:
  ///   - embeddings: instead of those of the batch's tokens, for attributions; see ``embeddings(of:_:)``.
  package init(
    _ weights: EncoderWeights, _ batch: TokenBatch, embeddings: Matrix? = nil,
    dropout: Dropout? = nil,
    arithmetic: Arithmetic = .blas
  ) {
    let shape = weights.shape
    let tokens = batch.tokens
    let sum = embeddings ?? Self.embeddings(of: batch, weights)
    precondition(sum.rows == tokens && sum.columns == shape.width, "embeddings of another batch")
    var (x, embedded) = Elementwise.layerNorm(
      sum.values, weights.trained.embeddingNorm, epsilon: shape.normEpsilon)
    if let dropout {
      Elementwise.dropout(&x, share: dropout.share, seed: dropout.seed(layer: -1, place: 0))
    }
    for (number, layer) in weights.trained.layers.enumerated() {
      let input = x
      let qkv = layer.attention.apply(input, rows: tokens, arithmetic)
      let (context, chances) = Elementwise.attention(qkv, batch, shape)
      var attended = layer.attentionOutput.apply(context, rows: tokens, arithmetic)
      if let dropout {
        Elementwise.dropout(
          &attended, share: dropout.share, seed: dropout.seed(layer: number, place: 0))
      }
      BLAS.add(input, scaled: 1, to: &attended)
      let (middle, keptMiddle) = Elementwise.layerNorm(
        attended, layer.attentionNorm, epsilon: shape.normEpsilon)
      let raised = layer.up.apply(middle, rows: tokens, arithmetic)
      let activated = Elementwise.gelu(raised)
      var lowered = layer.down.apply(activated, rows: tokens, arithmetic)
      if let dropout {
        Elementwise.dropout(
          &lowered, share: dropout.share, seed: dropout.seed(layer: number, place: 1))
      }
      BLAS.add(middle, scaled: 1, to: &lowered)
      let (output, keptOutput) = Elementwise.layerNorm(
        lowered, layer.outputNorm, epsilon: shape.normEpsilon)
      layers.append(
        Layer(
          input: input, qkv: qkv, chances: chances, context: context, attended: keptMiddle,
          middle: middle,
          raised: raised, activated: activated, output: keptOutput))
      x = output
    }
    hidden = Matrix(rows: tokens, columns: shape.width, values: x)
    self.embedded = embedded
    self.batch = batch
    self.shape = shape
    self.dropout = dropout
    self.arithmetic = arithmetic
  }

  /// The sums of word, position and type vectors, `[tokens, width]`, before the norm.
  ///
  /// A text longer than the shape's `tokenLimit` traps.
  package static func embeddings(of batch: TokenBatch, _ weights: EncoderWeights) -> Matrix {
    let shape = weights.shape
    var sum = Matrix(rows: batch.tokens, columns: shape.width)
    weights.words.add(batch.ids, to: &sum.values)
    var positions: [Int32] = []
    positions.reserveCapacity(batch.tokens)
    for text in 0..<batch.count {
      positions += (0..<Int32(batch[text].count)).map { $0 + Int32(shape.firstPosition) }
    }
    weights.positions.add(positions, to: &sum.values)
    weights.types?.add(batch.types.map(Int32.init), to: &sum.values)
    return sum
  }

  /// The gradients of all trained weights are added to `gradient`; returns that of the embeddings, `[tokens, width]`.
  package func backward(
    _ gradientOfHidden: Matrix, _ weights: EncoderWeights, into gradient: inout TrainedWeights
  )
    -> Matrix
  {
    precondition(
      gradientOfHidden.rows == batch.tokens && gradientOfHidden.columns == shape.width,
      "another batch")
    let tokens = batch.tokens
    var dx = gradientOfHidden.values
    for number in layers.indices.reversed() {
      let kept = layers[number]
      let layer = weights.trained.layers[number]
      Elementwise.layerNormBackward(
        kept.output, layer.outputNorm, &dx, sums: &gradient.layers[number].outputNorm)
      var dLowered = dx
      if let dropout {
        Elementwise.dropout(
          &dLowered, share: dropout.share, seed: dropout.seed(layer: number, place: 1))
      }
      var dActivated = layer.down.backward(
        kept.activated, dLowered, rows: tokens, into: &gradient.layers[number].down, arithmetic)
      Elementwise.geluBackward(kept.raised, &dActivated)
      let dMiddle = layer.up.backward(
        kept.middle, dActivated, rows: tokens, into: &gradient.layers[number].up, arithmetic)
      BLAS.add(dMiddle, scaled: 1, to: &dx)
      Elementwise.layerNormBackward(
        kept.attended, layer.attentionNorm, &dx, sums: &gradient.layers[number].attentionNorm)
      var dAttended = dx
      if let dropout {
        Elementwise.dropout(
          &dAttended, share: dropout.share, seed: dropout.seed(layer: number, place: 0))
      }
      let dContext = layer.attentionOutput.backward(
        kept.context, dAttended, rows: tokens, into: &gradient.layers[number].attentionOutput,
        arithmetic)
      let dQKV = Elementwise.attentionBackward(kept.qkv, kept.chances, dContext, batch, shape)
      let dInput = layer.attention.backward(
        kept.input, dQKV, rows: tokens, into: &gradient.layers[number].attention, arithmetic)
      BLAS.add(dInput, scaled: 1, to: &dx)
    }
    if let dropout {
      Elementwise.dropout(&dx, share: dropout.share, seed: dropout.seed(layer: -1, place: 0))
    }
    Elementwise.layerNormBackward(
      embedded, weights.trained.embeddingNorm, &dx, sums: &gradient.embeddingNorm)
    return Matrix(rows: tokens, columns: shape.width, values: dx)
  }
}

extension Linear {
  /// `x·Wᵀ + b` for `x` of `[rows, inputs]`.
  func apply(_ x: [Float], rows: Int, _ arithmetic: Arithmetic) -> [Float] {
    var y = [Float](repeating: 0, count: rows * bias.count)
    arithmetic.multiply(
      x, weight.values, into: &y, m: rows, n: weight.rows, k: weight.columns, transposed: .right)
    Elementwise.add(bias: bias, to: &y, rows: rows)
    return y
  }

  /// Adds the gradients of weight and bias to `gradient`; returns that of the input.
  func backward(
    _ x: [Float], _ dy: [Float], rows: Int, into gradient: inout Linear, _ arithmetic: Arithmetic
  ) -> [Float] {
    var dx = [Float](repeating: 0, count: rows * weight.columns)
    arithmetic.multiply(dy, weight.values, into: &dx, m: rows, n: weight.columns, k: weight.rows)
    arithmetic.multiply(
      dy, x, into: &gradient.weight.values, m: weight.rows, n: weight.columns, k: rows,
      transposed: .left,
      keeping: 1)
    Elementwise.sumRows(dy, rows: rows, into: &gradient.bias)
    return dx
  }
}
