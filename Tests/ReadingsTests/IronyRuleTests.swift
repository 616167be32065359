import Domain
import Readings
import Testing

struct IronyRuleTests {
    private static let praise = Sentiment(negative: 0.125, positive: 0.75)

    @Test func sincereTextsAndBlameStayAsTheyAre() {
        let rule = IronyRule(from: 800_000)
        #expect(rule.apply(to: Self.praise, irony: 799_999) == (Self.praise, false))
        let blame = Sentiment(negative: 0.75, positive: 0.125)
        #expect(rule.apply(to: blame, irony: 1_000_000) == (blame, false))
    }

    @Test func theIronicPartOfPraiseIsNeitherPraiseNorBlame() {
        let (sentiment, isDoubtful) = IronyRule(from: 800_000).apply(to: Self.praise, irony: 800_000)
        #expect(sentiment.positive == 150_000)
        #expect(sentiment.negative == 125_000)
        #expect(sentiment.neutral == 725_000)
        #expect(sentiment.label == .neutral)
        #expect(isDoubtful)
    }
}
