package import Domain
import Neural
package import Text

/// Trains a brand's head from a few labels: a small multinomial logistic regression that starts from the general answer.
///
/// Its weights are drawn towards 0, where it says what the general model says; how strongly, and how sure it may be, is
/// chosen by cross-validation. The same labels give the same head.
package struct HeadTrainer: Sendable {
    package struct Settings: Equatable, Sendable {
        /// Strengths to choose from by which weights are drawn towards 0, for features of mean square length 1.
        package var ridges: [Double] = [0.3, 1, 3, 10, 30]
        /// How strongly trust in the general answer is drawn towards 1, and biases towards 0.
        package var anchor = 3.0
        package var folds = 5
        /// How far rare classes are preferred when a label is chosen, as in `FastTrainer.Settings`.
        package var balance = 0.5

        package init() {}
    }

    package struct Result: Sendable {
        package let head: SentimentHead
        /// What heads that had not seen a text said of it, in the order of the texts.
        package let heldOut: [Sentiment]
        package let ridge: Double
    }

    private let settings: Settings

    package init(settings: Settings = Settings()) { self.settings = settings }

    /// - Parameter labels: the class of each text.
    package func train(name: String, _ texts: ReadTexts, labels: [Int]) -> Result {
        precondition(texts.count == labels.count && !labels.isEmpty, "\(texts.count) texts, \(labels.count) labels")
        let frame = Frame(texts.features)
        let prior = texts.general.map { GeneralAnswer.logarithms(of: $0).map(Double.init) }
        let problem = HeadProblem(
            rows: frame.rows, width: frame.width, prior: prior, labels: labels, anchor: settings.anchor)
        let folds = Self.folds(of: labels, count: min(settings.folds, labels.count))
        var best: (ridge: Double, loss: Double, logits: [[Double]])?
        for ridge in settings.ridges.sorted(by: >) {
            let logits = heldOutLogits(problem, folds, ridge)
            let loss = Temperature(fitting: logits, labels: labels).loss
            // A weaker pull must earn its freedom.
            if loss < (best?.loss ?? .infinity) - 1e-3 { best = (ridge, loss, logits) }
        }
        guard let best else { preconditionFailure("no ridge to choose") }
        let temperature = Temperature(fitting: best.logits, labels: labels)
        let preferences = self.preferences(labels)
        let solution = problem.solution(ridge: best.ridge, leavingOut: [])
        let head = frame.head(
            name: name, texts.version, solution, scale: temperature.scale, preferences, labels: labels.count)
        return Result(
            head: head,
            heldOut: best.logits.map { row in head.sentiment(of: row.map { Float($0 * temperature.scale) }) },
            ridge: best.ridge)
    }

    private func heldOutLogits(_ problem: HeadProblem, _ folds: [[Int]], _ ridge: Double) -> [[Double]] {
        var logits = [[Double]](repeating: [], count: problem.labels.count)
        for fold in folds {
            // With a single label there is nothing left to learn from: the general answer stands.
            let solution = problem.solution(ridge: ridge, leavingOut: fold)
            for row in fold { logits[row] = problem.logits(row, solution) }
        }
        return logits
    }

    /// Every class spread evenly over the folds, in the order of the labels.
    static func folds(of labels: [Int], count: Int) -> [[Int]] {
        var folds = [[Int]](repeating: [], count: max(count, 1))
        var next = 0
        for label in Set(labels).sorted() {
            for row in labels.indices where labels[row] == label {
                folds[next % folds.count].append(row)
                next += 1
            }
        }
        return folds.filter { !$0.isEmpty }
    }

    /// Logarithms of the inverse shares, to the power of the balance; two made-up labels of each class keep a class
    /// that was never seen within bounds.
    private func preferences(_ labels: [Int]) -> [Float] {
        SentimentLabel.allCases.indices.map { label in
            let share = Double(labels.count { $0 == label } + 2) / Double(labels.count + 6)
            return Float(-settings.balance * Logarithm.natural(3 * share))
        }
    }
}

/// Features centred and brought to a mean square length of 1, so that one set of strengths fits any model.
private struct Frame {
    let rows: [Double]
    let width: Int
    private let centre: [Double]
    private let scale: Double

    init(_ features: Matrix) {
        width = features.columns
        let count = Double(features.rows)
        var centre = [Double](repeating: 0, count: width)
        for row in 0..<features.rows {
            for column in 0..<width { centre[column] += Double(features[row, column]) / count }
        }
        var rows = [Double](repeating: 0, count: features.rows * width)
        var square = 0.0
        for row in 0..<features.rows {
            for column in 0..<width {
                let value = Double(features[row, column]) - centre[column]
                rows[row * width + column] = value
                square += value * value / count
            }
        }
        let scale = square > 0 ? 1 / square.squareRoot() : 1
        for index in rows.indices { rows[index] *= scale }
        self.rows = rows
        self.centre = centre
        self.scale = scale
    }

    /// The same classifier on features as they are.
    func head(
        name: String, _ features: String, _ solution: HeadProblem.Solution, scale temperature: Double,
        _ preferences: [Float], labels: Int
    ) -> SentimentHead {
        var biases = solution.biases
        var weights: [[Float]] = []
        for label in biases.indices {
            let row = solution.weights[label * width..<(label + 1) * width].map { $0 * scale }
            biases[label] -= zip(row, centre).reduce(0) { $0 + $1.0 * $1.1 }
            weights.append(row.map { Float($0 * temperature) })
        }
        return SentimentHead(
            name: name, features: features, trust: Float(solution.trust * temperature),
            biases: biases.map { Float($0 * temperature) }, weights: weights, preferences: preferences, labels: labels)
    }
}
