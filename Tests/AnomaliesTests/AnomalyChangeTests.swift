import Testing

@testable import Anomalies

@Suite struct AnomalyChangeTests {
    private static let key = SeriesKey(platform: nil, metric: .mentions)

    private static func episode(
        _ start: Int64, hours: Int64 = 2, stage: Episode.Stage = .open, news: Int64? = nil, value: Float = 50
    ) -> Episode {
        Episode(
            start: start, end: start + hours * 3600, stage: stage, isDrop: false, peak: start,
            news: news ?? start, peakLogReturnDays: 4.6, peakValue: value, value: value, expected: 10)
    }

    private func changes(_ known: [AnomalyRecord], _ episodes: [Episode]) -> [AnomalyChange] {
        let track = BrandWatch.Track(key: Self.key, episodes: episodes, budgetDays: 3.5)
        return AnomalyChange.between(known, [track], judged: 0..<1_000_000, detector: "test")
    }

    /// A record as it is kept after an episode was told.
    private func told(_ episode: Episode) throws -> AnomalyRecord {
        var record = try #require(changes([], [episode]).first).record
        record.id = 7
        return record
    }

    @Test func aNewEpisodeIsToldOnceAndThenNotAgain() throws {
        let opened = changes([], [Self.episode(3600)])
        #expect(opened.map(\.event) == [.opened])
        #expect(opened.first?.record.revision == 1)
        #expect(changes([try told(Self.episode(3600))], [Self.episode(3600)]).isEmpty)
    }

    @Test func figuresThatGoOnAreWrittenAndNotTold() throws {
        let change = try #require(changes([told(Self.episode(3600))], [Self.episode(3600, hours: 3, value: 80)]).first)
        #expect(change.event == nil)
        #expect(change.record.id == 7 && change.record.revision == 1 && change.record.value == 80)
    }

    @Test func newsTheEndOfThePeakAndTheEndAreTold() throws {
        let known = try told(Self.episode(3600))
        for (episode, event) in [
            (Self.episode(3600, hours: 3, stage: .growing), nil),
            (Self.episode(3600, hours: 3, stage: .growing, news: 7200), .growing),
            (Self.episode(3600, hours: 3, stage: .peaked), .peaked),
            (Self.episode(3600, hours: 3, stage: .closed), AlertMessage.Event?.some(.closed)),
        ] { #expect(changes([known], [episode]).first?.event == event) }
    }

    @Test func lateFiguresOfTheSameWindowsAreARevision() throws {
        let change = try #require(changes([told(Self.episode(3600))], [Self.episode(3600, value: 60)]).first)
        #expect(change.event == .revised && change.record.revision == 2)
    }

    @Test func aLateEndOfWhatWasOverIsARevision() throws {
        let known = try told(Self.episode(3600, stage: .closed))
        #expect(changes([known], [Self.episode(3600, hours: 3, stage: .closed)]).first?.event == .revised)
    }

    @Test func aSpikeThatBecomesACrisisIsTold() throws {
        let known = try told(Self.episode(3600))
        var change = try #require(changes([known], [Self.episode(3600, hours: 3, value: 80)]).first)
        change.learn { $0.posts = 90 }
        #expect(change.event == nil && change.record.revision == 1)
        change.learn { $0.kind = .crisis }
        #expect(change.event == .growing && change.record.revision == 2)
    }

    @Test func anEpisodeWhoseBeginningMovedStaysTheSameAnomaly() throws {
        let moved = changes([try told(Self.episode(7200))], [Self.episode(3600, hours: 3)])
        #expect(moved.map(\.event) == [.revised])
        #expect(moved.first?.record.id == 7 && moved.first?.record.start == 3600)
    }

    @Test func whatIsNotFoundAgainIsWithdrawnAndMayComeBack() throws {
        let known = try told(Self.episode(3600))
        let gone = try #require(changes([known], []).first)
        #expect(gone.event == .withdrawn && gone.record.stage == .withdrawn && gone.record.id == 7)
        #expect(changes([gone.record], []).isEmpty)
        #expect(changes([gone.record], [Self.episode(3600)]).first?.event == .revised)
        let elsewhere = changes([known], [Self.episode(900_000)])
        #expect(elsewhere.map(\.event) == [.withdrawn, .opened])
    }

    @Test func whatLiesOutsideOfTheJudgedTimeIsLeftAlone() throws {
        let known = try told(Self.episode(3600))
        #expect(AnomalyChange.between([known], [], judged: 7200..<9000, detector: "test").isEmpty)
        #expect(AnomalyChange.between([known], [], judged: 0..<3600, detector: "test").isEmpty)
    }
}
