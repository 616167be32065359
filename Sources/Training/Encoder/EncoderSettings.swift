/// How an encoder is trained.
package struct EncoderSettings: Codable, Equatable, Sendable {
    package var epochs = 2
    /// The epochs at the start in which auxiliary tasks take part.
    package var auxiliaryEpochs = 1
    package var batch = 32
    /// The parts of a batch that threads work on side by side; part of the recipe, since sums depend on it.
    package var parts = 2
    /// The step size of the last layer and of the heads at the top of the schedule.
    package var rate: Float = 1e-4
    package var headRate: Float = 1e-3
    /// Each layer learns by this factor slower than the one above it.
    package var layerDecay: Float = 0.9
    /// The share of steps in which the rate rises; it falls to nothing over the others.
    package var warmUp: Float = 0.06
    package var weightDecay: Float = 0.01
    /// A gradient longer than this is shortened to it.
    package var clip: Float = 1
    package var dropout: Float = 0.1
    /// Longer texts are cut to so many tokens.
    package var tokenLimit = 96
    /// Epochs without a better mean mark before training ends.
    package var patience = 2
    package var seed: UInt64 = 1

    package init() {}

    /// What cannot be trained with these settings, if anything.
    package var complaint: String? {
        if epochs < 1 || batch < 1 || patience < 1 || !(1...64).contains(parts) {
            return "epochs, batch and patience must be at least 1, parts 1 to 64"
        }
        if rate <= 0 || headRate <= 0 || !(0...1).contains(layerDecay) || !(0..<1).contains(warmUp) {
            return "rates must be above 0, layer decay 0 to 1, warm-up 0 to below 1"
        }
        if !(0..<1).contains(dropout) || clip <= 0 || weightDecay < 0 {
            return "dropout must be from 0 to below 1, clip above 0, weight decay at least 0"
        }
        return tokenLimit < 8 ? "a token limit of \(tokenLimit), at least 8 are needed" : nil
    }

    /// The share of the rate at a step counted from 0.
    func schedule(step: Int, of steps: Int) -> Float {
        let rising = max(1, Float(steps) * warmUp)
        let step = Float(step)
        if step < rising { return (step + 1) / rising }
        return max(0, (Float(steps) - step) / max(1, Float(steps) - rising))
    }
}
