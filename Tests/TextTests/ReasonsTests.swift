import Domain
import Foundation
import Harness
import Neural
import Testing

@testable import Text

/// The reasons of the fast model: exact, and of words that matter.
@Suite struct ReasonsTests {
    @Test func theWordsAddUpToTheLead() throws {
        let (model, _, _) = try SentimentModelTests.randomModel()
        for (text, reasons) in zip(SentimentModelTests.texts, model.reasons(for: SentimentModelTests.texts)) {
            #expect(reasons.gap < 1e-4, "\(text.prefix(40)): \(reasons.gap)")
            #expect(reasons.words.map(\.range) == TextWords(text).ranges)
        }
        #expect(model.reasons(for: [""])[0].words.isEmpty)
    }

    @Test func reasonsDoNotDependOnTheBatch() throws {
        let (model, _, _) = try SentimentModelTests.randomModel()
        let texts = (0..<40).flatMap { _ in SentimentModelTests.texts }
        #expect(model.reasons(for: texts) == texts.map { model.reasons(for: [$0])[0] })
    }

    @Test func reasonsAreOfTheLabelThatTheScoreHas() throws {
        let model = try ShippedModelTests.model.get()
        let texts = ["what a lovely day", "the worst service ever", "the shop opens at nine", ""]
        for (score, reasons) in zip(model.score(texts), model.reasons(for: texts)) {
            #expect(reasons.label == Int(score.label.rawValue))
        }
    }

    /// Invented sentences.
    private static let sentences = [
        "The new tram is wonderful and so quiet", "I hate waiting two hours for a parcel that never comes",
        "Terrible food, but the waiter was kind", "Thanks to everybody who helped us move today!",
        "My phone died again, what a useless brand", "We are so excited about the concert on Friday :)",
        "The bank closed my account and nobody answers the phone", "Best coffee in town, I love this place",
        "No refund, no apology, just a rude answer", "Happy birthday to the best sister in the world",
        "The train is late again and the app is broken", "This film was boring and far too long",
        "Great match, congratulations to both teams", "I am sad that the library on our street has to close",
        "The garden looks beautiful this spring", "Awful smell in the hotel room, we left after one night",
        "So proud of my students today", "The update made everything slow and ugly",
        "Delicious soup and a very friendly owner", "Do not buy this charger, it burns",
    ]

    @Test func deletingTheTopWordMattersMoreThanDeletingAnother() throws {
        let share = try Self.deletionShare(Self.sentences, rounds: 5, seed: 1)
        #expect(share >= 0.9, "seed 1: \(share)")
    }

    private static let shared = ProcessInfo.processInfo.environment["GROUNDSWELL_SHARED"]

    @Test(.enabled(if: shared != nil, "skipped: GROUNDSWELL_SHARED is not set"))
    func deletingTheTopWordMattersInRealPosts() throws {
        let posts = try RealTexts.sentiment(of: Self.shared ?? "", count: 400)
        let share = try Self.deletionShare(posts, rounds: 1, seed: 1)
        #expect(share >= 0.9, "seed 1: \(share)")
    }

    /// In how many cases the text without its heaviest word moves further than without another word.
    private static func deletionShare(_ texts: [String], rounds: Int, seed: UInt64) throws -> Double {
        let model = try ShippedModelTests.model.get()
        var trial = DeletionTrial(seed: seed)
        for _ in 0..<rounds {
            for (text, reasons) in zip(texts, model.reasons(for: texts)) {
                trial.add(text, reasons) { model.reasons(for: $0).map(\.probabilities) }
            }
        }
        return trial.share
    }
}

/// Counts how often the heaviest word of a text matters more than another.
struct DeletionTrial {
    private(set) var cases = 0
    private var won = 0
    private var random: Seeded

    init(seed: UInt64) { random = Seeded(state: seed) }

    var share: Double { cases == 0 ? 0 : Double(won) / Double(cases) }

    mutating func add(_ text: String, _ reasons: Reasons, probabilities: ([String]) -> [[Float]]) {
        guard let top = reasons.top(1).first,
            let other = reasons.words.filter({ $0.range != top.range }).randomElement(using: &random)
        else { return }
        let odds = probabilities([text, Self.text(text, without: top), Self.text(text, without: other)]).map {
            Self.logOdds($0[reasons.label])
        }
        cases += 1
        if abs(odds[1] - odds[0]) > abs(odds[2] - odds[0]) { won += 1 }
    }

    private static func text(_ text: String, without word: Reasons.Word) -> String {
        var bytes = Array(text.utf8)
        bytes.removeSubrange(word.range)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func logOdds(_ probability: Float) -> Double {
        let share = min(max(Double(probability), 1e-7), 1 - 1e-7)
        return log(share / (1 - share))
    }
}
