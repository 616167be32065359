import Anomalies
import Testing

struct SeriesMetricTests {
    @Test func aWindowWithoutPostsHasMentionsButNoSentiment() {
        let empty = WindowTotals()
        #expect(SeriesMetric.mentions.value(of: empty) == 0)
        #expect(SeriesMetric.netSentiment.value(of: empty) == nil)
        #expect(SeriesMetric.negativeShare.value(of: empty) == nil)
    }

    @Test func fewComplaintsAreNoShareAndTenMoveItLessThanAHundred() throws {
        #expect(SeriesMetric.negativeShare.value(of: WindowTotals(posts: 9, negative: 9)) == nil)
        let ten = try #require(SeriesMetric.negativeShare.value(of: WindowTotals(posts: 10, negative: 10)))
        let many = try #require(SeriesMetric.negativeShare.value(of: WindowTotals(posts: 100, negative: 100)))
        #expect(ten < 0.8 && many > 0.9)
        let net = try #require(SeriesMetric.netSentiment.value(of: WindowTotals(posts: 100, negative: 100)))
        #expect(net < -0.9)
    }

    @Test(arguments: SeriesMetric.allCases) func namesReadBack(metric: SeriesMetric) {
        #expect(SeriesMetric(name: metric.name) == metric)
    }
}
