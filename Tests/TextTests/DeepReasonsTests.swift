import Foundation
import Harness
import Testing
import Text

/// The reasons of the deep model with its real weights, where `GROUNDSWELL_MODELS` names a shelf that has them.
@Suite struct DeepReasonsTests {
    private static let shelf = ProcessInfo.processInfo.environment["GROUNDSWELL_MODELS"].flatMap { shelf in
        let files = [DeepModel.folderName, DeepModel.baseName].map { "\(shelf)/\($0)/model.safetensors" }
        return files.allSatisfy(FileManager.default.fileExists) ? shelf : nil
    }
    private static let shared = ProcessInfo.processInfo.environment["GROUNDSWELL_SHARED"]

    private static func model() throws -> DeepModel {
        let shelf = shelf ?? ""
        return try DeepModel(directory: "\(shelf)/\(DeepModel.folderName)", base: "\(shelf)/\(DeepModel.baseName)")
    }

    @Test(
        .enabled(if: shelf != nil, "skipped: GROUNDSWELL_MODELS names no shelf with the deep model"),
        .enabled(if: shared != nil, "skipped: GROUNDSWELL_SHARED is not set"), .timeLimit(.minutes(5)))
    func wordsAddUpAndTheTopOneMattersMost() throws {
        let model = try Self.model()
        var trial = DeletionTrial(seed: 1)
        for text in try RealTexts.sentiment(of: Self.shared ?? "", count: 60) {
            let reasons = try #require(model.reasons(for: text, task: .sentiment))
            #expect(reasons.gap <= 0.01 * max(abs(reasons.lead - reasons.baseline), 0.1), "\(reasons.gap)")
            trial.add(text, reasons) { texts in
                model.read(texts).compactMap { $0[.sentiment]?.probabilities }
            }
        }
        // 89.7 % of 900 cases; so few cases scatter by 3 points.
        #expect(trial.share >= 0.84, "seed 1: \(trial.share) of \(trial.cases)")
    }

    @Test(.enabled(if: shelf != nil, "skipped: GROUNDSWELL_MODELS names no shelf with the deep model"))
    func aStanceIsExplainedByTheTextAlone() throws {
        let model = try Self.model()
        let text = "We must protect the forests now, no more excuses"
        let reasons = try #require(model.reasons(for: text, task: .stance, target: "climate change is a real concern"))
        #expect(reasons.words.count > 5)
        #expect(reasons.words.allSatisfy { $0.range.upperBound <= text.utf8.count })
    }
}
