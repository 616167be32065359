import Domain
import Neural
import Testing
import Text
import Training

@Suite struct FastTrainerTests {
    static let classes = SentimentLabel.allCases.map(\.name)

    /// Sentences of a small invented language: mood words among words that mean nothing.
    static func examples(_ count: Int, seed: UInt64) -> [LabelledText] {
        var random = SplitMix(seed: seed)
        let moods = [["grumly", "blarg", "not plessy"], ["tablo", "chaira"], ["plessy", "jubila", "not grumly"]]
        let rest = ["ek", "dorn", "vipo", "lasset", "mur", "quen"]
        func word(_ words: [String]) -> String { words[Int.random(in: words.indices, using: &random)] }
        return (0..<count).map { index in
            let label = index % 3
            let before = (0..<3).map { _ in word(rest) }.joined(separator: " ")
            let behind = (0..<2).map { _ in word(rest) }.joined(separator: " ")
            return LabelledText(text: "\(before) \(word(moods[label])) \(behind)", label: label)
        }
    }

    static var settings: FastTrainer.Settings {
        var settings = FastTrainer.Settings()
        settings.features.tableBits = 8
        settings.width = 16
        settings.filters = [FastTrainer.Filters(span: 1, count: 8), FastTrainer.Filters(span: 3, count: 16)]
        settings.batch = 8
        settings.epochs = 5
        settings.patience = 5
        settings.rate = 0.01
        settings.embeddingRate = 0.1
        settings.dropout = 0.2
        settings.tokenDropout = 0.05
        return settings
    }

    static func train(_ settings: FastTrainer.Settings = settings) throws -> FastTrainer.Result {
        try FastTrainer(settings: settings).train(
            name: "tiny", classes: classes, examples: examples(120, seed: 1), validation: examples(30, seed: 2))
    }

    @Test func aSmallLanguageIsLearnt() throws {
        let result = try Self.train()
        #expect(result.best.macroRecall > 0.95)
        let model = try SentimentModel(result.configuration, result.network.weights)
        let fresh = Self.examples(60, seed: 3)
        let evaluation = Evaluation(sentiments: model.score(fresh.map(\.text)), labels: fresh.map(\.label))
        #expect(evaluation.macroRecall > 0.9)
        #expect(model.score(["vipo dorn jubila ek"])[0].label == .positive)
    }

    @Test func oneSeedGivesTheSameWeights() throws {
        var settings = Self.settings
        settings.epochs = 2
        let first = try Self.train(settings)
        let second = try Self.train(settings)
        #expect(first.network == second.network && first.configuration == second.configuration)
        settings.seed = 2
        #expect(try Self.train(settings).network != first.network)
    }

    @Test func anAuxiliaryTaskIsTrainedBesideTheMainOne() throws {
        var settings = Self.settings
        settings.epochs = 3
        let other = Self.examples(40, seed: 9).map { LabelledText(text: $0.text, label: $0.label == 0 ? 4 : 1) }
        let result = try FastTrainer(settings: settings).train(
            name: "tiny", classes: Self.classes, examples: Self.examples(150, seed: 1),
            validation: Self.examples(60, seed: 2), auxiliary: [AuxiliaryTask(name: "other", examples: other)])
        #expect(result.network.classes == 3)
        #expect(result.best.macroRecall > 0.8)
    }

    /// What a good teacher says of texts: most of the probability for the right class.
    static func taught(_ examples: [LabelledText]) -> [TaughtText] {
        examples.map { example in
            TaughtText(text: example.text, probabilities: (0..<3).map { $0 == example.label ? 0.9 : 0.05 })
        }
    }

    @Test func aTeachersAnswersReplaceLabels() throws {
        // Three labelled texts alone teach nothing.
        let labelled = Self.examples(3, seed: 1)
        func train(_ taught: [TaughtText]) throws -> FastTrainer.Result {
            try FastTrainer(settings: Self.settings).train(
                name: "tiny", classes: Self.classes, examples: labelled, validation: Self.examples(60, seed: 2),
                taught: taught)
        }
        #expect(try train([]).best.macroRecall < 0.8)
        let result = try train(Self.taught(Self.examples(150, seed: 3)))
        #expect(result.best.macroRecall > 0.95)
        #expect(result.examples > 120)
    }

    @Test func aTrustedTeacherOverrulesLabels() throws {
        let truth = Self.examples(120, seed: 1)
        // Labels that have nothing to do with the texts.
        let wrong = truth.enumerated().map { LabelledText(text: $1.text, label: $0 / 3 % 3) }
        func macroRecall(trust: Float) throws -> Double {
            var settings = Self.settings
            settings.trust = trust
            return try FastTrainer(settings: settings).train(
                name: "tiny", classes: Self.classes, examples: wrong, validation: Self.examples(60, seed: 2),
                taught: Self.taught(truth)
            ).best.macroRecall
        }
        #expect(try macroRecall(trust: 1) > 0.9)
        #expect(try macroRecall(trust: 0) < 0.7)
    }

    @Test func answersThatAreNoProbabilitiesAreRefused() {
        for wrong in [[0.5, 0.5], [0.9, 0.9, 0.9], [-1, 1, 1], [.nan, 0, 1]] as [[Float]] {
            #expect(throws: TrainingError.self, "\(wrong)") {
                try FastTrainer(settings: Self.settings).train(
                    name: "tiny", classes: Self.classes, examples: Self.examples(30, seed: 1),
                    validation: Self.examples(30, seed: 2), taught: [TaughtText(text: "dorn", probabilities: wrong)])
            }
        }
    }

    @Test func trainingEndsWhenTheMarkNoLongerRises() throws {
        var settings = Self.settings
        settings.epochs = 30
        settings.patience = 2
        var epochs: [FastTrainer.Progress] = []
        _ = try FastTrainer(settings: settings).train(
            name: "tiny", classes: Self.classes, examples: Self.examples(60, seed: 1),
            validation: Self.examples(30, seed: 2)
        ) { epochs.append($0) }
        #expect(epochs.count < 30)
        #expect(epochs.map(\.epoch) == Array(1...epochs.count))
        #expect(epochs.suffix(2).allSatisfy { !$0.isBest })
    }

    @Test func progressMayStopTheTraining() {
        struct Enough: Error {}
        #expect(throws: TrainingError.stopped(epoch: 1)) {
            try FastTrainer(settings: Self.settings).train(
                name: "tiny", classes: Self.classes, examples: Self.examples(30, seed: 1),
                validation: Self.examples(30, seed: 2)
            ) { _ in throw Enough() }
        }
    }

    @Test func examplesThatCannotBeLearntFromAreNamed() {
        func fails(
            _ examples: [LabelledText], _ validation: [LabelledText], _ settings: FastTrainer.Settings
        ) -> String? {
            let error = #expect(throws: TrainingError.self) {
                try FastTrainer(settings: settings).train(
                    name: "tiny", classes: Self.classes, examples: examples, validation: validation)
            }
            return error?.description
        }
        let good = Self.examples(30, seed: 1)
        var wide = Self.settings
        wide.width = 20
        #expect(fails([], good, Self.settings)?.contains("no examples") == true)
        #expect(fails(good, [], Self.settings)?.contains("none to validate") == true)
        #expect(fails(good + [LabelledText(text: "x", label: 3)], good, Self.settings)?.contains("label 3") == true)
        #expect(fails(good.filter { $0.label != 2 }, good, Self.settings)?.contains("\"positive\"") == true)
        #expect(fails(good, good, wide)?.contains("width 20") == true)
    }
}
