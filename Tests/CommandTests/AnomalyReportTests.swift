import Anomalies
import ArgumentParser
import Charts
import Domain
import Foundation
import Harness
import Store
import Testing

@testable import groundswell

struct AnomalyReportTests {
    private static let monday: Int64 = 1_795_392_000

    static func anomaly(
        metric: String = "mentions", kind: AlertMessage.Kind = .crisis, value: Double = 840, expected: Double = 120,
        returnDays: Double = 120, brand: String = "acme", driver: String = "recall"
    ) -> AlertMessage {
        AlertMessage(
            event: .peaked, anomaly: 12, monitor: "brands", brand: brand, platform: nil, metric: metric,
            windowSeconds: 300, kind: kind, stage: .peaked, startedAt: Timestamp(seconds: monday + 50_700),
            endedAt: Timestamp(seconds: monday + 58_200), peakAt: Timestamp(seconds: monday + 51_600), peakValue: 95,
            value: value, expected: expected, excess: value - expected, returnDays: returnDays, severity: 4.8,
            budgetDays: 3.5, posts: 840,
            drivers: [
                AlertDriver(
                    kind: "hashtag", key: driver, posts: 523, authors: 410, expected: 1.5, share: 0.62, score: 88.1),
                AlertDriver(kind: "term", key: "hot", posts: 300, authors: 250, expected: 9, share: 0.4, score: 41),
            ],
            examples: [
                AlertExample(
                    postID: "p1", author: "ann", createdAt: Timestamp(seconds: monday + 51_000),
                    text: "My toaster\u{1B}[2J is on\nfire", url: "https://example.org/p1")
            ],
            detector: "test", revision: 3, foundAt: Timestamp(seconds: monday + 51_000),
            updatedAt: Timestamp(seconds: monday + 58_000))
    }

    private static let windows: [(start: Int64, totals: WindowTotals)] = (0..<28 * 24).map { hour in
        let posts = Int64(hour % 24 < 8 ? 20 : 60) + Int64(hour * 7 % 11)
        return (
            start: monday + Int64(hour) * 3600,
            totals: WindowTotals(posts: hour == 600 ? 900 : posts, authors: posts, neutral: posts)
        )
    }

    @Test func anAnomalyIsToldInSentences() {
        let anomaly = Self.anomaly()
        #expect(
            anomaly.sentence == """
                Crisis 12: acme had 840 mentions from 2026-11-23 14:05 to 2026-11-23 16:10 UTC, 7 times the 120 that were \
                expected.
                """)
        #expect(
            anomaly.budgetSentence == """
                A window this far out comes once in 120 days for this brand; alerts are for what comes once in 3.5 days or \
                less often.
                """)
        #expect(
            anomaly.driverSentence == "It was mostly #recall: 62 % of the excess, 523 posts by 410 authors.")
        #expect(anomaly.note == "crisis, once in 120 days: 840 instead of 120, mostly #recall (62 %)")
        let mood = Self.anomaly(metric: "net_sentiment", kind: .mood, value: -0.2, expected: 0.1)
        #expect(
            mood.sentence == """
                Mood 12: acme had a mean net sentiment of -0.20 from 2026-11-23 14:05 to 2026-11-23 16:10 UTC, where 0.10 was \
                expected.
                """)
        #expect(Self.anomaly(expected: 0).sentence.hasSuffix("not the 0 that were expected."))
    }

    @Test(arguments: [
        (0.5, "12 h 00 min"), (1, "1 day"), (2, "2 days"), (3.5, "3.5 days"), (120, "120 days"), (4000, "11 years"),
        (1e9, "more than 1,000 years"), (.infinity, "more than 1,000 years"),
    ])
    func returnPeriodsReadWell(days: Double, text: String) { #expect(AlertMessage.span(days: days) == text) }

    @Test func aRowNamesTheTopDriver() {
        let table = AnomalyTable(anomalies: [Self.anomaly()]).table
        #expect(
            table.printed(as: .csv).split(separator: "\n").last
                == "12,2026-11-23T14:05:00Z,brands,acme,,mentions,crisis,peaked,840,120,120.0,#recall,0.62")
        #expect(table.printed(as: .json).contains(#""once in days":120.0"#))
    }

    @Test func aPageHoldsSentencesDriversPostsAndAChart() {
        let plot = SeriesPlot(
            monitor: "brands", brand: "acme", platform: nil, metric: .mentions, seconds: 3600,
            since: nil, until: nil)
        let chart = plot.chart(ExpectedSeries(Self.windows, .mentions, seconds: 3600, nil), [Self.anomaly()])
        let page = AnomalyPage(anomaly: Self.anomaly(driver: "re\u{1B}[31mcall"), chart: chart)
            .text(columns: 90, isColoured: false)
        for part in [
            "Crisis 12: acme had 840", "#re [31mcall", "62 %", "2026-11-23 14:10 @ann: My toaster [2J is on fire",
        ] {
            #expect(page.contains(part), "\(part) is not in\n\(page)")
        }
        #expect(page.contains("mentions per hour") && page.contains("└") || page.contains("┴"))
        #expect(!page.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    }

    @Test func theBandBeginsAfterTwoDaysAndHoldsOrdinaryWindows() {
        let series = ExpectedSeries(Self.windows, .mentions, seconds: 3600, nil)
        #expect(series.values.count == 28 * 24 && series.band.count == series.values.count)
        #expect(series.band[..<48].allSatisfy { $0 == nil })
        let later = (14 * 24..<28 * 24).filter { $0 != 600 }
        let inside = later.filter { index in
            guard let band = series.band[index], let value = series.values[index] else { return false }
            return band.contains(value)
        }
        #expect(Double(inside.count) >= 0.9 * Double(later.count), "\(inside.count) of \(later.count)")
        #expect(series.band[600].map { $0.upperBound < 300 } == true, "the spike lies far above")
    }

    @Test func aBandIsTheSameHoweverItIsCut() {
        let whole = ExpectedSeries(Self.windows, .mentions, seconds: 3600, nil)
        let part = whole.cut(since: Self.monday + 100 * 3600, until: Self.monday + 200 * 3600)
        #expect(part.start == Self.monday + 100 * 3600)
        #expect(part.values == Array(whole.values[100..<200]) && part.band == Array(whole.band[100..<200]))
        #expect(whole.cut(since: .max / 4, until: nil).values.isEmpty)
        #expect(whole.cut(since: 0, until: .max / 4).values == whole.values)
        #expect(ExpectedSeries([], .mentions, seconds: 300, nil).cut(since: 5, until: 3).values.isEmpty)
    }

    @Test func windowsWithoutPostsAreZeroForCountsAndAGapForSentiment() {
        let windows = [0, 2].map { (hour: Int64) -> (start: Int64, totals: WindowTotals) in
            (start: Self.monday + hour * 3600, totals: WindowTotals(posts: 40, negative: 40))
        }
        #expect(ExpectedSeries(windows, .mentions, seconds: 3600, nil).values == [40, 0, 40])
        let sentiment = ExpectedSeries(windows, .netSentiment, seconds: 3600, nil).values
        #expect(sentiment.count == 3 && sentiment[1] == nil && sentiment[0] != nil)
    }

    @Test func aMisspeltBrandGetsTheNearOnes() throws {
        let known = [("brands", "acme"), ("brands", "bolt"), ("rivals", "acme")].map { monitor, brand in
            KnownBrand(monitor: monitor, brand: brand)
        }
        #expect(try BrandChoice.fitting(known, monitor: nil, brand: "acme").count == 2)
        #expect(try BrandChoice.fitting(known, monitor: "rivals", brand: nil).count == 1)
        func message(_ monitor: String?, _ brand: String?) -> String {
            do {
                _ = try BrandChoice.fitting(known, monitor: monitor, brand: brand)
                return ""
            } catch { return "\(error)" }
        }
        #expect(message("brands", "acmee") == "no brand 'acmee' in monitor 'brands': did you mean 'acme'?")
        #expect(message("brand", nil) == "no monitor 'brand': did you mean 'brands'?")
        #expect(throws: CommandError.self) { try BrandChoice.fitting([], monitor: nil, brand: nil) }
    }

    @Test(arguments: [
        ["plot"], ["plot", "--brand", "a", "--anomaly", "1"], ["plot", "--anomaly", "1", "--metric", "reach"],
        ["plot", "--brand", "a", "--out", "a.gif"], ["plot", "--brand", "a", "--platform", "geocities"],
        ["plot", "--brand", "a", "--width", "5000"], ["plot", "--brand", "a", "--out", "a.png", "--height", "20"],
        ["plot", "--brand", "a", "--window", "7m"], ["anomalies", "--limit", "0"], ["anomalies", "--metric", "likes"],
        ["anomalies", "--kind", "doom"], ["explain", "anomaly", "twelve"],
        ["explain", "anomaly", "1", "--output", "csv"],
    ])
    func wrongUsageIsRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { try Groundswell.parseAsRoot(arguments) }
    }

    @Test func usageIsRead() throws {
        #expect(try Groundswell.parseAsRoot(["plot", "--anomaly", "1", "--out", "a.svg"]) is PlotCommand)
        #expect(try Groundswell.parseAsRoot(["anomalies", "--open", "--kind", "mood"]) is AnomaliesCommand)
        #expect(try Groundswell.parseAsRoot(["explain", "anomaly", "12"]) is ExplainAnomalyCommand)
    }
}
