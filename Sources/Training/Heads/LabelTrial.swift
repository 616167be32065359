import Domain
import Neural
package import Text

/// What chosen labels gain over random ones, played through with texts whose labels are known.
///
/// Each seed draws a pool; both ways label posts of it, in batches, train a head after each batch and are judged by the
/// same texts that neither may label.
package struct LabelTrial: Sendable {
    package struct Settings: Sendable {
        /// How many labels to judge after.
        package var budgets = [50, 100, 200]
        /// Posts that are asked together, before the head is trained again.
        package var batch = 25
        package var pool = 2000
        package var seeds = 20
        package var trainer = HeadTrainer.Settings()

        package init() {}
    }

    /// Macro recall after so many labels, a value for each seed.
    package struct Row: Sendable {
        package let budget: Int
        package let chosen: [Double]
        package let random: [Double]

        package var gains: [Double] { zip(chosen, random).map { $0 - $1 } }
    }

    private let settings: Settings

    package init(settings: Settings = Settings()) { self.settings = settings }

    /// - Parameter progress: told the number of each seed that is done.
    package func run(
        pool: ReadTexts, _ poolLabels: [Int], judges: ReadTexts, _ judgeLabels: [Int], progress: (Int) -> Void
    ) -> [Row] {
        var chosen = settings.budgets.map { _ in [Double]() }
        var random = chosen
        for seed in 0..<settings.seeds {
            var generator = SplitMix(seed: UInt64(seed + 1))
            let drawn = Array(Array(0..<pool.count).shuffled(using: &generator).prefix(settings.pool))
            let texts = pool[drawn]
            let labels = drawn.map { poolLabels[$0] }
            let judge = { (head: SentimentHead) in Self.mark(head, judges, judgeLabels) }
            for (index, mark) in marks(texts, labels, judge, choosing: true).enumerated() { chosen[index].append(mark) }
            for (index, mark) in marks(texts, labels, judge, choosing: false).enumerated() {
                random[index].append(mark)
            }
            progress(seed + 1)
        }
        return settings.budgets.indices.map { index in
            Row(budget: settings.budgets[index], chosen: chosen[index], random: random[index])
        }
    }

    /// The mark after each budget. The pool is in random order, so its beginning is a random choice.
    private func marks(
        _ pool: ReadTexts, _ labels: [Int], _ judge: (SentimentHead) -> Double, choosing: Bool
    ) -> [Double] {
        let trainer = HeadTrainer(settings: settings.trainer)
        func head(_ known: [Int]) -> SentimentHead {
            trainer.train(name: "trial", pool[known], labels: known.map { labels[$0] }).head
        }
        guard choosing else { return settings.budgets.map { judge(head(Array(0..<min($0, pool.count)))) } }
        let choice = LabelChoice(pool.features)
        var answers = pool.general
        var known: [Int] = []
        return settings.budgets.map { budget in
            while known.count < min(budget, pool.count) {
                known += choice.next(min(settings.batch, budget - known.count), answers: answers, known: Set(known))
                answers = head(known).sentiments(pool.features, general: pool.general)
            }
            return judge(head(known))
        }
    }

    /// Macro recall of a head.
    package static func mark(_ head: SentimentHead, _ texts: ReadTexts, _ labels: [Int]) -> Double {
        let answers = head.sentiments(texts.features, general: texts.general)
        return ConfusionMatrix(
            truth: labels, chosen: answers.map { Int($0.label.rawValue) }, classes: SentimentLabel.allCases.count
        ).macroRecall
    }
}
