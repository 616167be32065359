import Domain
import Foundation
import Harness
import Neural
import Testing
import Text
import Training

@Suite struct HeadTests {
    /// Texts whose class lies in the first features, with a general model that takes the last class for the second.
    private static func texts(_ count: Int, seed: UInt64) -> (texts: ReadTexts, labels: [Int]) {
        var random = SplitMix(seed: seed)
        var features = Matrix(rows: count, columns: 12, deviation: 0.5, using: &random)
        var labels: [Int] = []
        var general: [Sentiment] = []
        for row in 0..<count {
            let label = Int.random(in: 0..<3, using: &random)
            features[row, label] += 1.5
            labels.append(label)
            general.append(
                Sentiment(negative: label == 0 ? 0.7 : 0.2, positive: label == 0 ? 0.1 : 0.2 + 0.1 * random.uniform()))
        }
        return (ReadTexts(features: features, general: general, version: "model-1"), labels)
    }

    private static func accuracy(_ answers: [Sentiment], _ labels: [Int]) -> Double {
        Double(zip(answers, labels).count { Int($0.label.rawValue) == $1 }) / Double(labels.count)
    }

    @Test func aHeadLearnsWhatTheGeneralModelDoesNotKnow() {
        let (texts, labels) = Self.texts(150, seed: 1)
        let (others, truth) = Self.texts(400, seed: 2)
        let result = HeadTrainer().train(name: "acme", texts, labels: labels)
        let before = Self.accuracy(others.general, truth)
        let after = Self.accuracy(result.head.sentiments(others.features, general: others.general), truth)
        #expect(before < 0.75 && after > 0.9, "from \(before) to \(after)")
        #expect(abs(Self.accuracy(result.heldOut, labels) - after) < 0.07, "held-out answers promise what it keeps")
        #expect(result.head.labels == 150 && result.head.features == "model-1" && result.head.complaint == nil)
    }

    @Test func withHardlyAnyLabelsTheGeneralAnswerStands() {
        let (texts, _) = Self.texts(2, seed: 3)
        let (others, _) = Self.texts(100, seed: 4)
        var settings = HeadTrainer.Settings()
        settings.balance = 0
        let head = HeadTrainer(settings: settings).train(name: "acme", texts, labels: [0, 1]).head
        let answers = head.sentiments(others.features, general: others.general)
        #expect(zip(answers, others.general).count { $0.label == $1.label } > 75)
    }

    @Test func theSameLabelsGiveTheSameHead() throws {
        let (texts, labels) = Self.texts(60, seed: 5)
        let heads = (0..<2).map { _ in HeadTrainer().train(name: "acme", texts, labels: labels).head }
        #expect(heads[0] == heads[1] && heads[0].version == heads[1].version)
        #expect(heads[0].version.hasPrefix("acme-"))
    }

    @Test func aTextHasTheSameAnswerInAnyBatch() {
        let (texts, labels) = Self.texts(80, seed: 6)
        let head = HeadTrainer().train(name: "acme", texts, labels: labels).head
        let all = head.sentiments(texts.features, general: texts.general)
        for row in 0..<texts.count {
            let one = texts[[row]]
            #expect(head.sentiments(one.features, general: one.general) == [all[row]])
        }
    }

    @Test func aHeadTravelsAndComesBackTheSame() throws {
        let folder = try TestFolder.make("heads")
        let (texts, labels) = Self.texts(40, seed: 7)
        let head = HeadTrainer().train(name: "acme", texts, labels: labels).head
        try head.write(models: folder)
        #expect(try SentimentHead(reference: "acme", models: folder) == head)
        let word = try head.embedded()
        #expect(SentimentHead.isEmbedded(word) && !SentimentHead.isEmbedded("acme"))
        #expect(try SentimentHead(reference: word, models: "/nowhere") == head)
        #expect(throws: ModelError.self) { try SentimentHead(reference: "unknown", models: folder) }
        #expect(throws: ModelError.self) { try SentimentHead(reference: word + "!", models: folder) }
        var broken = head
        broken.weights[1].removeLast()
        #expect(throws: ModelError.self) { try SentimentHead(reference: broken.embedded(), models: folder) }
    }

    @Test func logarithmsAreThoseOfTheLibrary() {
        for part in stride(from: 1000 as Int64, through: 1_000_000, by: 7919) {
            guard let sentiment = Sentiment(negative: part, positive: 0) else { continue }
            let found = Double(GeneralAnswer.logarithms(of: sentiment)[0])
            #expect(abs(found - log(Double(part) / 1e6)) < 2e-6, "of \(part) millionths")
        }
    }
}

@Suite struct LabelChoiceTests {
    /// Two crowds and one stranger; the model is sure of the first crowd.
    private static let pool: (features: Matrix, answers: [Sentiment]) = {
        var values: [Float] = []
        var answers: [Sentiment] = []
        for post in 0..<41 {
            let wobble = Float(post % 5) * 0.01
            switch post {
            case 0..<20:
                values += [1, wobble, 0]
                answers.append(Sentiment(negative: 0.98, positive: 0.01))
            case 20..<40:
                values += [wobble, 1, 0]
                answers.append(Sentiment(negative: 0.4, positive: 0.3))
            default:
                values += [0, 0, 1]
                answers.append(Sentiment(negative: 0.34, positive: 0.33))
            }
        }
        return (Matrix(rows: 41, columns: 3, values: values), answers)
    }()

    @Test func thePostThatSpeaksForManyUnsureOnesComesFirst() {
        let chosen = LabelChoice(Self.pool.features).next(2, answers: Self.pool.answers, known: [])
        #expect((20..<40).contains(chosen[0]))
        // The second of that crowd adds nothing that the first has not said.
        #expect(!(20..<40).contains(chosen[1]))
    }

    @Test func whatIsLabelledIsNotAskedAgainAndSpeaksForItsLike() {
        let choice = LabelChoice(Self.pool.features)
        let chosen = choice.next(41, answers: Self.pool.answers, known: [25])
        #expect(chosen.count == 40 && Set(chosen).count == 40 && !chosen.contains(25))
        #expect(!(20..<40).contains(chosen[0]))
    }
}
