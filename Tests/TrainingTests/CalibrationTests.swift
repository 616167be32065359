import Neural
import Testing
import Text
import Training

@Suite struct CalibrationTests {
    /// Logits drawn at random and labels drawn by the probabilities that `truth` makes of them.
    private static func drawn(_ truth: Calibration, count: Int, seed: UInt64) -> (Matrix, [Int]) {
        var random = SplitMix(seed: seed)
        let logits = Matrix(rows: count, columns: truth.biases.count, deviation: 1.5, using: &random)
        let labels = (0..<count).map { row in
            var left = random.uniform()
            let probabilities = truth.probabilities(logits, row: row)
            for (label, share) in probabilities.enumerated() {
                left -= share
                if left < 0 { return label }
            }
            return probabilities.count - 1
        }
        return (logits, labels)
    }

    @Test func theScaleAndBiasesThatMadeTheLabelsAreFound() {
        let truth = Calibration(scale: 0.6, biases: [-0.8, 0.5, 0.3])
        let (logits, labels) = Self.drawn(truth, count: 2000, seed: 1)
        let found = Calibration(fitting: logits, labels: labels, weights: labels.map { _ in 1 })
        #expect(abs(found.scale - truth.scale) < 0.08)
        for (wanted, bias) in zip(truth.biases, found.biases) { #expect(abs(wanted - bias) < 0.15) }
    }

    @Test func evenWeightsMakeMeanProbabilitiesEqualClassShares() {
        let (logits, labels) = Self.drawn(Calibration(scale: 2, biases: [1, -1, 0]), count: 1000, seed: 2)
        let found = Calibration(fitting: logits, labels: labels, weights: labels.map { _ in 1 })
        for label in 0..<3 {
            let mean = (0..<1000).reduce(Float(0)) { $0 + found.probabilities(logits, row: $1)[label] } / 1000
            let share = Float(labels.count { $0 == label }) / 1000
            #expect(abs(mean - share) < 0.005)
        }
    }

    @Test func logitsThatSayNothingGiveTheClassShares() {
        let labels = (0..<100).map { $0 < 50 ? 1 : $0 < 80 ? 2 : 0 }
        let found = Calibration(
            fitting: Matrix(rows: 100, columns: 3), labels: labels, weights: labels.map { _ in 1 })
        let probabilities = found.probabilities(Matrix(rows: 1, columns: 3), row: 0)
        #expect(zip(probabilities, [0.2, 0.5, 0.3]).allSatisfy { abs($0 - $1) < 0.01 })
    }
}
