/// Turns logits into calibrated ones: `scale · logit[k] + biases[k]`.
package struct Calibration: Codable, Equatable, Sendable {
    /// One over the temperature.
    package var scale: Float
    /// One for each class.
    package var biases: [Float]

    package init(scale: Float = 1, biases: [Float]) {
        self.scale = scale
        self.biases = biases
    }
}
