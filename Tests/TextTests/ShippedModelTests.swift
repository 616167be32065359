import Domain
import Foundation
import Testing
import Text

/// The weights in `Models/fast-sentiment`, on sentences invented for this test.
@Suite struct ShippedModelTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Models/fast-sentiment").path(percentEncoded: false)

    /// Opened once: unoptimised code takes its time over three million weights.
    static let model = Result { try SentimentModel(directory: folder) }

    @Test(arguments: [
        "I love this so much, best day ever :)",
        "Thank you for the wonderful service, we are so happy",
        "sooo excited for the weekend!!! 😍",
        "What a great match, congratulations to the whole team",
    ]) func gladTextsArePositive(text: String) throws {
        #expect(try Self.model.get().score([text])[0].label == .positive)
    }

    @Test(arguments: [
        "worst service ever, I am so angry",
        "this is terrible, I hate it",
        "My phone broke again. Awful quality and very sad support :(",
        "not happy at all, what a disaster",
    ]) func angryTextsAreNegative(text: String) throws {
        #expect(try Self.model.get().score([text])[0].label == .negative)
    }

    @Test(arguments: [
        "The store opens at 9 on Monday",
        "Minister to meet union leaders on Tuesday http",
        "The second part will be published in March",
    ]) func plainStatementsAreNeutral(text: String) throws {
        #expect(try Self.model.get().score([text])[0].label == .neutral)
    }

    @Test func anEmptyTextIsUnsureButScored() throws {
        let score = try Self.model.get().score([""])[0]
        #expect(score.negative + score.neutral + score.positive == Sentiment.one)
    }

    @Test func theWordThatSaysItCarriesTheWeight() throws {
        let reasons = try Self.model.get().reasons(for: ["the service was terrible"])[0]
        #expect(reasons.top(1).map { TextWords.text(of: $0.range, in: "the service was terrible") } == ["terrible"])
    }
}
