/// Gain and bias of a layer normalisation: each row is moved to mean 0 and deviation 1, then scaled.
///
/// Source: Ba, Kiros, Hinton, "Layer Normalization", arXiv 1607.06450.
package struct LayerNorm: Equatable, Sendable {
  package var gain: [Float]
  package var bias: [Float]

  package init(gain: [Float], bias: [Float]) {
    precondition(gain.count == bias.count, "\(gain.count) gains, \(bias.count) biases")
    self.gain = gain
    self.bias = bias
  }
}
