/// A text with what a teacher makes of it: the probability of each class.
package struct TaughtText: Codable, Equatable, Sendable {
    package var text: String
    /// They add up to 1, but for rounding.
    package var probabilities: [Float]

    package init(text: String, probabilities: [Float]) {
        self.text = text
        self.probabilities = probabilities
    }

    /// Whether the probabilities are those of so many classes.
    func fits(classes: Int) -> Bool {
        probabilities.count == classes && probabilities.allSatisfy { (0...1).contains($0) }
            && abs(probabilities.reduce(0, +) - 1) < 0.01
    }
}
