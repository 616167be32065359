/// Turns logits into calibrated ones: `scale · logit[k] + biases[k]`.
package struct Calibration: Codable, Equatable, Sendable {
    /// One over the temperature.
    package var scale: Float
    /// One for each class.
    package var biases: [Float]
    /// What is added to a class's calibrated logit before one is chosen: above 0 for classes that should not be
    /// missed though they are rare.
    ///
    /// Probabilities know nothing of it.
    package var preferences: [Float]

    package init(scale: Float = 1, biases: [Float], preferences: [Float]? = nil) {
        self.scale = scale
        self.biases = biases
        self.preferences = preferences ?? biases.map { _ in 0 }
    }

    /// The class to choose by calibrated logits; the first of equals.
    package func choice(of logits: [Float]) -> Int {
        var best = 0
        for index in logits.indices where logits[index] + preferences[index] > logits[best] + preferences[best] {
            best = index
        }
        return best
    }
}
