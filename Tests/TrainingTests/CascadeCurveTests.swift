import Domain
import Testing
import Training

@Suite struct CascadeCurveTests {
    /// A fast model that is right where it is sure, and a deep one that is always right.
    private static let labels = [0, 0, 1, 1, 2, 2]
    private static let curve = CascadeCurve(
        fast: [
            sentiment(0.9, 0, .negative), sentiment(0.4, 0.1, .neutral), sentiment(0.1, 0.1, .neutral),
            sentiment(0.3, 0.3, .positive), sentiment(0, 0.95, .positive), sentiment(0.2, 0.45, .positive),
        ], deep: labels, labels: labels, cost: CascadeCurve.Cost(fast: 0.001, deep: 0.01))

    private static func sentiment(_ negative: Float, _ positive: Float, _ label: SentimentLabel) -> Sentiment {
        Sentiment(negative: negative, positive: positive, label: label)
    }

    @Test func nothingGoesOnAtZeroAndAllThatIsUnsureAtOne() {
        let nothing = Self.curve.point(threshold: 0)
        #expect(nothing.passed == 0 && nothing.confusion.accuracy == 4.0 / 6)
        #expect(abs(nothing.textsPerSecond - 1000) < 1e-6)
        let all = Self.curve.point(threshold: Sentiment.one)
        #expect(all.passed == 1 && all.confusion.accuracy == 1)
        #expect(abs(all.textsPerSecond - 1 / 0.011) < 1e-6)
    }

    @Test func theCheapestPointKeepsTheMark() {
        // The two mistakes are held for 0.5 and 0.4 probable: 0.505 passes both on, and the third at 0.45.
        let point = Self.curve.cheapest(losing: 0.007)
        #expect(point.threshold == 505_000)
        #expect(point.passed == 0.5 && point.macroRecall == 1)
        #expect(Self.curve.cheapest(losing: 1).threshold == 0)
    }

    @Test func aLabelPreferredForItsRarityIsDoubted() {
        let curve = CascadeCurve(
            fast: [Self.sentiment(0.4, 0.05, .negative)], deep: [1], labels: [1],
            cost: CascadeCurve.Cost(fast: 0.001, deep: 0.01))
        #expect(curve.point(threshold: 450_000).passed == 1)
    }

    @Test func theDeepModelAloneCostsItselfOnly() {
        #expect(Self.curve.deepAlone.macroRecall == 1)
        #expect(abs(Self.curve.deepAlone.textsPerSecond - 100) < 1e-6)
    }
}
