package import Domain
import Neural
package import Text

/// How well probabilities fit labels: marks of the choice, of the probabilities, and how sure the mark itself is.
package struct Evaluation: Equatable, Sendable {
    package let confusion: ConfusionMatrix
    /// The mean negative log likelihood of the true class, in nats.
    package let logLoss: Double
    /// The mean gap between confidence and accuracy over 15 bins of equal width, weighted by their items.
    package let calibrationError: Double
    /// The mark that the texts are scored by: macro recall unless another was asked for.
    package let mark: Double
    /// The middle 95 % of the mark over bootstrap samples.
    package let interval: ClosedRange<Double>
    /// The mean probability of each class: what sums over many posts would say.
    package let meanProbabilities: [Double]

    package var macroRecall: Double { confusion.macroRecall }
    package var accuracy: Double { confusion.accuracy }

    package static let bins = 15
    /// Enough for the second digit of an interval's end.
    package static let resamples = 1000

    /// - `probabilities` holds a row for each item; the row's largest value is the choice, the first of equals.
    package init(probabilities: [[Double]], labels: [Int], classes: Int, seed: UInt64 = 1) {
        precondition(probabilities.count == labels.count, "\(probabilities.count) scores, \(labels.count) labels")
        let chosen = probabilities.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
        self.init(probabilities: probabilities, chosen: chosen, labels: labels, classes: classes, seed: seed)
    }

    /// Evaluates answers to a task by its official mark.
    package init(task: TextTask, probabilities: [[Double]], chosen: [Int], labels: [Int], seed: UInt64 = 1) {
        precondition(probabilities.count == labels.count && chosen.count == labels.count, "answers without labels")
        self.init(
            probabilities: probabilities, chosen: chosen, labels: labels, classes: task.classes.count, seed: seed,
            mark: task.mark)
    }

    /// Evaluates sentiments as the worker would count them.
    package init(sentiments: [Sentiment], labels: [Int], seed: UInt64 = 1) {
        let one = Double(Sentiment.one)
        self.init(
            probabilities: sentiments.map {
                [Double($0.negative) / one, Double($0.neutral) / one, Double($0.positive) / one]
            },
            chosen: sentiments.map { Int($0.label.rawValue) }, labels: labels,
            classes: SentimentLabel.allCases.count, seed: seed)
    }

    private init(
        probabilities: [[Double]], chosen: [Int], labels: [Int], classes: Int, seed: UInt64,
        mark: (ConfusionMatrix) -> Double = \.macroRecall
    ) {
        confusion = ConfusionMatrix(truth: labels, chosen: chosen, classes: classes)
        logLoss = Self.logLoss(probabilities, labels)
        calibrationError = Self.calibrationError(probabilities, chosen, labels)
        self.mark = mark(confusion)
        interval = Self.bootstrap(chosen, labels, classes, seed, mark)
        let count = Double(max(labels.count, 1))
        meanProbabilities = (0..<classes).map { label in probabilities.reduce(0) { $0 + $1[label] } / count }
    }

    private static func logLoss(_ probabilities: [[Double]], _ labels: [Int]) -> Double {
        // A probability of 0 in millionths may be anything below half a millionth.
        let losses = zip(probabilities, labels).map { -Logarithm.natural(max($0[$1], 5e-7)) }
        return losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count)
    }

    private static func calibrationError(_ probabilities: [[Double]], _ chosen: [Int], _ labels: [Int]) -> Double {
        var gaps = [Double](repeating: 0, count: bins)
        for (index, choice) in chosen.enumerated() {
            let confidence = probabilities[index][choice]
            let bin = min(bins - 1, Int(confidence * Double(bins)))
            gaps[bin] += confidence - (choice == labels[index] ? 1 : 0)
        }
        return labels.isEmpty ? 0 : gaps.reduce(0) { $0 + abs($1) } / Double(labels.count)
    }

    private static func bootstrap(
        _ chosen: [Int], _ labels: [Int], _ classes: Int, _ seed: UInt64, _ mark: (ConfusionMatrix) -> Double
    ) -> ClosedRange<Double> {
        guard !labels.isEmpty else { return 0...0 }
        var random = SplitMix(seed: seed)
        let marks = (0..<resamples).map { _ in
            var sample = ConfusionMatrix(classes: classes)
            for _ in labels {
                // Scaling 32 random bits favours no item by more than one in a million.
                let item = Int(((random.next() >> 32) &* UInt64(labels.count)) >> 32)
                sample.count(truth: labels[item], chosen: chosen[item])
            }
            return mark(sample)
        }.sorted()
        return marks[resamples / 40]...marks[resamples - 1 - resamples / 40]
    }
}
