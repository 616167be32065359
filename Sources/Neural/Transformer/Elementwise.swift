internal import CKernels

/// The door to the element-wise kernels.
///
/// Raw pointers stay inside this file; every buffer's size is checked before C sees it.
enum Elementwise {
  static func gelu(_ x: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: x.count) { y, count in
      gs_gelu(x, y.baseAddress, x.count)
      count = x.count
    }
  }

  /// Replaces the gradient by the output with that by the input.
  static func geluBackward(_ x: [Float], _ gradient: inout [Float]) {
    precondition(x.count == gradient.count, "gradient of another batch")
    gs_gelu_backward(x, &gradient, x.count)
  }

  static func add(bias: [Float], to x: inout [Float], rows: Int) {
    precondition(x.count == rows * bias.count, "\(x.count) values, \(rows) rows of \(bias.count)")
    gs_add_bias(&x, bias, rows, bias.count)
  }

  static func sumRows(_ x: [Float], rows: Int, into sums: inout [Float]) {
    precondition(x.count == rows * sums.count, "\(x.count) values, \(rows) rows of \(sums.count)")
    gs_sum_rows(x, &sums, rows, sums.count)
  }

  /// What a norm keeps for its gradient: rows of mean 0 and deviation 1, and the inverse deviations.
  struct Normalised {
    var rows: [Float]
    var inverse: [Float]
  }

  static func layerNorm(_ x: [Float], _ norm: LayerNorm, epsilon: Float) -> (
    y: [Float], kept: Normalised
  ) {
    let width = norm.gain.count
    let rows = x.count / width
    precondition(rows * width == x.count, "\(x.count) values in rows of \(width)")
    var kept = Normalised(rows: x, inverse: [Float](repeating: 0, count: rows))
    var y = x
    gs_layer_norm(x, norm.gain, norm.bias, epsilon, &kept.rows, &kept.inverse, &y, rows, width)
    return (y, kept)
  }

  /// Replaces the gradient by the output with that by the input, and adds those of gain and bias to `sums`.
  static func layerNormBackward(
    _ kept: Normalised, _ norm: LayerNorm, _ gradient: inout [Float], sums: inout LayerNorm
  ) {
    let rows = kept.inverse.count
    precondition(gradient.count == kept.rows.count, "gradient of another batch")
    gradient.withUnsafeMutableBufferPointer { gradient in
      gs_layer_norm_backward(
        kept.rows, kept.inverse, norm.gain, gradient.baseAddress, gradient.baseAddress, &sums.gain,
        &sums.bias, rows, norm.gain.count)
    }
  }

  /// Attention within each text.
  ///
  /// `chances` gets a `[heads, length, length]` block for each text, one behind the other.
  static func attention(
    _ qkv: [Float], _ batch: TokenBatch, _ shape: EncoderShape
  ) -> (y: [Float], chances: [Float]) {
    precondition(
      qkv.count == batch.tokens * 3 * shape.width, "\(qkv.count) values for \(batch.tokens) tokens")
    var y = [Float](repeating: 0, count: batch.tokens * shape.width)
    var chances = [Float](repeating: 0, count: chanceCount(batch, shape))
    var scratch = [Float](repeating: 0, count: longest(batch) * shape.headWidth)
    qkv.withUnsafeBufferPointer { qkv in
      y.withUnsafeMutableBufferPointer { y in
        chances.withUnsafeMutableBufferPointer { chances in
          guard let qkv = qkv.baseAddress, let y = y.baseAddress, let chances = chances.baseAddress
          else {
            return
          }
          var start = 0
          for text in 0..<batch.count {
            let tokens = batch[text]
            gs_attention(
              qkv + tokens.lowerBound * 3 * shape.width, chances + start,
              y + tokens.lowerBound * shape.width, &scratch, tokens.count, shape.heads,
              shape.headWidth)
            start += shape.heads * tokens.count * tokens.count
          }
        }
      }
    }
    return (y, chances)
  }

  static func attentionBackward(
    _ qkv: [Float], _ chances: [Float], _ gradient: [Float], _ batch: TokenBatch,
    _ shape: EncoderShape
  ) -> [Float] {
    precondition(
      gradient.count == batch.tokens * shape.width && qkv.count == 3 * gradient.count,
      "another batch")
    precondition(chances.count == chanceCount(batch, shape), "attention of another batch")
    var result = [Float](repeating: 0, count: qkv.count)
    var scratch = [Float](repeating: 0, count: longest(batch) * (longest(batch) + shape.headWidth))
    qkv.withUnsafeBufferPointer { qkv in
      gradient.withUnsafeBufferPointer { gradient in
        chances.withUnsafeBufferPointer { chances in
          result.withUnsafeMutableBufferPointer { result in
            guard let qkv = qkv.baseAddress, let gradient = gradient.baseAddress,
              let chances = chances.baseAddress, let result = result.baseAddress
            else { return }
            var start = 0
            for text in 0..<batch.count {
              let tokens = batch[text]
              let place = tokens.lowerBound * shape.width
              gs_attention_backward(
                qkv + 3 * place, chances + start, gradient + place, result + 3 * place, &scratch,
                tokens.count, shape.heads, shape.headWidth)
              start += shape.heads * tokens.count * tokens.count
            }
          }
        }
      }
    }
    return result
  }

  private static func longest(_ batch: TokenBatch) -> Int {
    (0..<batch.count).map { batch[$0].count }.max() ?? 0
  }

  private static func chanceCount(_ batch: TokenBatch, _ shape: EncoderShape) -> Int {
    (0..<batch.count).reduce(0) { $0 + shape.heads * batch[$1].count * batch[$1].count }
  }

  static func dropout(_ x: inout [Float], share: Float, seed: UInt64) {
    gs_dropout(&x, x.count, seed, share)
  }
}

/// AdamW for one array of parameters, with the running means of its gradient and their squares.
package struct AdamW: Equatable, Sendable {
  package var means: [Float]
  package var squares: [Float]

  package init(count: Int) {
    means = [Float](repeating: 0, count: count)
    squares = means
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - step: 1 for the first; the means are corrected by it.
  ///   - scale: gradients are multiplied by it first, to clip them.
  package mutating func step(
    _ weights: inout [Float], _ gradients: [Float], rate: Float, decay: Float, scale: Float,
    step: Int
  ) {
    precondition(
      weights.count == means.count && gradients.count == means.count, "another set of parameters")
    // 1 − 0.9ⁿ and 1 − 0.999ⁿ by repeated squaring, the same on every machine.
    let correction = (1 - Self.power(0.999, step)).squareRoot() / (1 - Self.power(0.9, step))
    // Scaling epsilon as well keeps the step that of the corrected means.
    gs_adamw(
      &weights, gradients, &means, &squares, weights.count, rate * Float(correction), rate * decay,
      scale, 1e-8)
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, base, exponent) = (1.0, base, exponent)
    while exponent > 0 {
      if exponent & 1 == 1 { result *= base }
      base *= base
      exponent >>= 1
    }
    return result
  }
}
