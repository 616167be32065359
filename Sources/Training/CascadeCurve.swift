package import Domain

/// What a cascade gains and costs by how much its fast model passes on to the deep one.
package struct CascadeCurve: Sendable {
    package struct Point: Equatable, Sendable {
        /// Texts whose label the fast model holds for less probable go on, in millionths.
        package let threshold: Int64
        /// The share of texts that went on.
        package let passed: Double
        package let confusion: ConfusionMatrix
        package let textsPerSecond: Double

        package var macroRecall: Double { confusion.macroRecall }
    }

    /// Seconds of one core for a text.
    package struct Cost: Equatable, Sendable {
        package var fast: Double
        package var deep: Double

        package init(fast: Double, deep: Double) {
            self.fast = fast
            self.deep = deep
        }
    }

    private let fast: [Sentiment]
    private let deep: [Int]
    private let labels: [Int]
    private let cost: Cost

    /// - `fast`, the `deep` model's choices and people's `labels` are of the same texts.
    package init(fast: [Sentiment], deep: [Int], labels: [Int], cost: Cost) {
        precondition(fast.count == labels.count && deep.count == labels.count, "answers without labels")
        self.fast = fast
        self.deep = deep
        self.labels = labels
        self.cost = cost
    }

    package func point(threshold: Int64) -> Point {
        let goesOn = fast.map { $0.confidence < threshold }
        let chosen = goesOn.indices.map { goesOn[$0] ? deep[$0] : Int(fast[$0].label.rawValue) }
        let passed = Double(goesOn.count { $0 }) / Double(max(goesOn.count, 1))
        return Point(
            threshold: threshold, passed: passed,
            confusion: ConfusionMatrix(truth: labels, chosen: chosen, classes: SentimentLabel.allCases.count),
            textsPerSecond: 1 / (cost.fast + passed * cost.deep))
    }

    /// The deep model for every text, without the fast one.
    package var deepAlone: Point {
        Point(
            threshold: Sentiment.one, passed: 1,
            confusion: ConfusionMatrix(truth: labels, chosen: deep, classes: SentimentLabel.allCases.count),
            textsPerSecond: 1 / cost.deep)
    }

    /// The lowest threshold whose point loses no more macro recall than that against the deep model alone.
    ///
    /// In steps of half a hundredth: on a few thousand texts finer ones are luck.
    package func cheapest(losing loss: Double) -> Point {
        let least = deepAlone.macroRecall - loss
        for threshold in stride(from: 0, to: Sentiment.one, by: Int(Sentiment.one / 200)) {
            let point = point(threshold: threshold)
            if point.macroRecall >= least { return point }
        }
        return point(threshold: Sentiment.one)
    }
}
