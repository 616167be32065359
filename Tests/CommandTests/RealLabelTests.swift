import Foundation
import Testing
import Text
import Training

@testable import groundswell

/// Labelling played through on public posts with known labels.
@Suite struct RealLabelTests {
    private static let posts = ProcessInfo.processInfo.environment["GROUNDSWELL_SHARED"].map {
        "\($0)/data/text/airline.dev.jsonl.gz"
    }

    @Test(.enabled(if: posts != nil, "skipped: GROUNDSWELL_SHARED is not set"))
    func labelsOfAirlinePostsTeachTheGeneralModelItsBrand() throws {
        let all = try LabelFile().rows(of: Self.posts ?? "").map(\.example)
        let rows = stride(from: 0, to: all.count, by: 5).map { all[$0] }
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Models/fast-sentiment").path(percentEncoded: false)
        let model = try SentimentModel(directory: folder)
        let texts = ReadTexts(
            features: model.features(rows.map(\.text)), general: model.score(rows.map(\.text)), version: model.version)
        // The rows are in order of time: later posts judge.
        let cut = rows.count * 6 / 10
        let (pool, judges) = (texts[Array(0..<cut)], texts[Array(cut..<rows.count)])
        let (poolLabels, judgeLabels) = (rows[..<cut].map(\.label), rows[cut...].map(\.label))
        var settings = LabelTrial.Settings()
        settings.budgets = [100]
        settings.seeds = 2
        settings.pool = 400
        settings.batch = 50
        let trial = LabelTrial(settings: settings).run(
            pool: pool, poolLabels, judges: judges, judgeLabels, progress: { _ in })
        let general = Evaluation(sentiments: judges.general, labels: judgeLabels)
        // Six hundred posts judge, so a mark is sure to some points only.
        for mark in trial.flatMap({ $0.chosen + $0.random }) { #expect(mark > general.macroRecall - 0.04) }

        let head = HeadTrainer().train(name: "airline", pool, labels: poolLabels).head
        let answers = Evaluation(
            sentiments: head.sentiments(judges.features, general: judges.general), labels: judgeLabels)
        #expect(answers.accuracy > general.accuracy + 0.05)
        #expect(answers.logLoss < general.logLoss)
    }
}
