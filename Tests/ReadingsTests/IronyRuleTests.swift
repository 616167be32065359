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

    @Test func theIronicPartOfPraiseMovesToBlame() {
        let (sentiment, isDoubtful) = IronyRule(from: 800_000).apply(to: Self.praise, irony: 800_000)
        #expect(sentiment.positive == 150_000)
        #expect(sentiment.negative == 725_000)
        #expect(sentiment.neutral == 125_000)
        #expect(isDoubtful)
    }

    @Test func theRuleMayCountItAsBlame() {
        let rule = IronyRule(from: 300_000, praise: .negative)
        let (sentiment, isDoubtful) = rule.apply(to: Self.praise, irony: 400_000)
        #expect(sentiment.label == .negative)
        #expect(sentiment.positive == 450_000)
        #expect(!isDoubtful)
    }
}
