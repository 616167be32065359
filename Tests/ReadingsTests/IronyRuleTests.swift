import Domain
import Readings
import Testing

struct IronyRuleTests {
    private static let praise = Sentiment(negative: 0.125, positive: 0.75)

    @Test func sincereTextsAndBlameStayAsTheyAre() {
        let rule = IronyRule(above: 0.8, praise: .unsure)
        #expect(rule.apply(to: Self.praise, irony: 799_999) == (Self.praise, false))
        let blame = Sentiment(negative: 0.75, positive: 0.125)
        #expect(rule.apply(to: blame, irony: 1_000_000) == (blame, false))
        #expect(IronyRule(above: 0.8, praise: .praise).apply(to: Self.praise, irony: 1_000_000) == (Self.praise, false))
    }

    @Test func theIronicPartOfPraiseMovesToBlame() throws {
        let (sentiment, isDoubtful) = IronyRule(above: 0.8, praise: .unsure).apply(to: Self.praise, irony: 800_000)
        #expect(sentiment.positive == 150_000)
        #expect(sentiment.negative == 725_000)
        #expect(sentiment.neutral == 125_000)
        #expect(isDoubtful)
    }

    @Test func theRuleMayCountItAsBlame() {
        let (sentiment, isDoubtful) = IronyRule(above: 0.3, praise: .negative).apply(to: Self.praise, irony: 400_000)
        #expect(sentiment.label == .negative)
        #expect(sentiment.positive == 450_000)
        #expect(!isDoubtful)
    }
}
