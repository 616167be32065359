import Domain
import Neural
import Testing
import Text
import Training

@Suite struct LabelTrialTests {
    @Test func bothWaysAreJudgedAfterEachBudget() {
        var random = SplitMix(seed: 8)
        func texts(_ count: Int) -> (ReadTexts, [Int]) {
            var features = Matrix(rows: count, columns: 6, deviation: 0.6, using: &random)
            let labels = (0..<count).map { _ in Int.random(in: 0..<3, using: &random) }
            for (row, label) in labels.enumerated() { features[row, label] += 1 }
            let general = labels.map { _ in Sentiment(negative: 0.3, positive: 0.3) }
            return (ReadTexts(features: features, general: general, version: "m"), labels)
        }
        let (pool, poolLabels) = texts(200)
        let (judges, judgeLabels) = texts(200)
        var settings = LabelTrial.Settings()
        settings.budgets = [20, 60]
        settings.batch = 10
        settings.pool = 150
        settings.seeds = 3
        var seen: [Int] = []
        let rows = LabelTrial(settings: settings).run(
            pool: pool, poolLabels, judges: judges, judgeLabels, progress: { seen.append($0) })
        #expect(seen == [1, 2, 3])
        #expect(rows.map(\.budget) == [20, 60])
        for row in rows {
            #expect(row.chosen.count == 3 && row.random.count == 3)
            #expect((row.chosen + row.random).allSatisfy { $0 > 0.5 && $0 <= 1 })
        }
        // More labels, better heads.
        #expect(rows[1].random.reduce(0, +) > rows[0].random.reduce(0, +))
    }
}
