import Anomalies
import Testing

struct SeriesMetricTests {
    @Test func aWindowWithoutPostsHasMentionsButNoSentiment() {
        let empty = WindowTotals()
        #expect(SeriesMetric.mentions.value(of: empty) == 0)
        #expect(SeriesMetric.netSentiment.value(of: empty) == nil)
        #expect(SeriesMetric.negativeShare.value(of: empty) == nil)
    }

    @Test func fewComplaintsAreNoShareAndTwentyMoveItLessThanAHundred() throws {
        #expect(SeriesMetric.negativeShare.value(of: WindowTotals(posts: 19, negative: 19)) == nil)
        let few = try #require(SeriesMetric.negativeShare.value(of: WindowTotals(posts: 20, negative: 20)))
        let many = try #require(SeriesMetric.negativeShare.value(of: WindowTotals(posts: 100, negative: 100)))
        #expect(few < 0.9 && many > 0.9)
        let net = try #require(SeriesMetric.netSentiment.value(of: WindowTotals(posts: 100, negative: 100)))
        #expect(net < -0.9)
    }

    @Test(arguments: SeriesMetric.allCases) func namesReadBack(metric: SeriesMetric) {
        #expect(SeriesMetric(name: metric.name) == metric)
    }
}
