import Domain
import Testing

struct WindowTests {
    @Test func aWindowHoldsItsStartAndNotItsEnd() {
        for grain in Grain.allCases {
            let start = grain.start(of: Timestamp(seconds: 1_700_000_000))
            #expect(start % grain.seconds == 0)
            #expect(grain.start(of: Timestamp(seconds: start)) == start)
            #expect(grain.start(of: Timestamp(milliseconds: (start + grain.seconds) * 1000 - 1)) == start)
            #expect(grain.start(of: Timestamp(seconds: start + grain.seconds)) == start + grain.seconds)
        }
    }

    @Test func timesBefore1970FallIntoTheWindowThatHoldsThem() {
        #expect(Grain.day.start(of: Timestamp(milliseconds: -1)) == -86_400)
        #expect(Grain.hour.start(of: Timestamp(seconds: -3600)) == -3600)
        #expect(Timestamp(milliseconds: -1500).seconds == -2)
    }

    @Test func momentsAreWrittenAndReadAsRFC3339() {
        for (text, milliseconds) in [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1),
            ("2026-11-23T08:30:07.040Z", 1_795_422_607_040),
        ] as [(String, Int64)] {
            #expect(Timestamp(text)?.milliseconds == milliseconds)
            #expect("\(Timestamp(milliseconds: milliseconds))" == text)
        }
        #expect(Timestamp("2026-11-23T09:30:07.040999+01:00") == Timestamp("2026-11-23T08:30:07.04Z"))
        #expect(Timestamp("2026-11-23") == nil && Timestamp("soon") == nil)
    }

    @Test func grainsAndPlatformsAreFoundByTheirNames() {
        for grain in Grain.allCases { #expect(Grain(name: grain.name) == grain) }
        for platform in Platform.allCases { #expect(Platform(name: platform.name) == platform) }
        #expect(Grain(name: "week") == nil)
        #expect(Platform(name: "X") == nil)
    }
}

struct SentimentTests {
    @Test(arguments: [(0.2, 0.5), (0, 0), (1, 0), (0.5, 0.5), (0.333_333_3, 0.333_333_3), (2, 3), (-1, .nan)])
    func probabilitiesAddUpToExactlyOne(negative: Double, positive: Double) {
        let sentiment = Sentiment(negative: Float(negative), positive: Float(positive))
        #expect(sentiment.negative + sentiment.neutral + sentiment.positive == Sentiment.one)
        #expect(min(sentiment.negative, sentiment.neutral, sentiment.positive) >= 0)
    }

    @Test func theLabelIsTheMostProbableClass() {
        #expect(Sentiment(negative: 0.6, positive: 0.1).label == .negative)
        #expect(Sentiment(negative: 0.1, positive: 0.6).label == .positive)
        #expect(Sentiment(negative: 0.3, positive: 0.3).label == .neutral)
        #expect(Sentiment(negative: 0.5, positive: 0.5).label == .negative)
    }

    @Test func aSentimentIsUnsureBelowTheThresholdOnly() {
        let sentiment = Sentiment(negative: 0.5, positive: 0.2)
        #expect(!sentiment.isUnsure(below: 500_000))
        #expect(sentiment.isUnsure(below: 500_001))
    }
}

struct ShardTests {
    @Test func aShardIDSurvivesItsEightBytes() {
        for (job, index) in [(1, 0), (Int32.max, UInt32.max), (7, 1 << 31)] as [(Int32, UInt32)] {
            let shard = ShardID(job: JobID(rawValue: job), index: index)
            #expect(ShardID(rawValue: shard.rawValue) == shard)
            #expect(shard.rawValue > 0)
        }
    }

    @Test func brandsOfABatchAreFoundByPost() {
        var matches = BrandMatches()
        matches.append([1, 4])
        matches.append([])
        matches.append([0])
        #expect(matches.count == 3)
        #expect(matches.mentions == 3)
        #expect(Array(matches[0]) == [1, 4])
        #expect(matches[1].isEmpty)
        #expect(Array(matches[2]) == [0])
        matches.removeAll()
        #expect(matches.count == 0)
    }
}
