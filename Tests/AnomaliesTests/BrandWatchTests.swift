import Anomalies
import Domain
import Harness
import Testing

@Suite struct BrandWatchTests {
    private static let begin: Int64 = 1_700_006_400
    private static let hour: Int64 = 3600

    private let forecaster: Forecaster
    private let settings = AlertSettings(metrics: SeriesMetric.allCases, platforms: [.x])

    init() throws { forecaster = try Simulation.forecaster() }

    /// Three weeks of hours with a burst of angry posts in the third.
    private static func windows(_ random: inout Seeded, days: Int = 21) -> WatchedWindows {
        var together: [Int64: WindowTotals] = [:]
        var onX: [Int64: WindowTotals] = [:]
        for index in 0..<days * 24 {
            let burst = (400..<404).contains(index) ? 6.0 : 1
            let posts = Int64(Simulation.poisson((10 + 8 * Double(index % 24) / 12) * burst, &random))
            guard posts > 0 else { continue }
            let negative = burst > 1 ? posts * 3 / 4 : posts / 4
            let window = WindowTotals(
                posts: posts, authors: posts - posts / 8, negative: negative, neutral: (posts - negative) / 2,
                positive: (posts - negative) / 2, engagement: posts * 3, reach: posts * 900)
            together[begin + Int64(index) * hour] = window
            var part = window
            part.posts /= 2
            onX[begin + Int64(index) * hour] = part
        }
        return WatchedWindows(together: together, platforms: [.x: onX])
    }

    private func episodes(_ tracks: [BrandWatch.Track]) -> [SeriesKey: [Episode]] {
        Dictionary(uniqueKeysWithValues: tracks.map { ($0.key, $0.episodes) })
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func goingOnFromAnyStateFindsWhatOneRunFinds(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let windows = Self.windows(&random)
        let end = Self.begin + 21 * 24 * Self.hour
        let watch = BrandWatch(settings, forecaster, detector: "1")
        var whole = watch.state(goingOn: nil, begin: Self.begin)
        let all = episodes(watch.judge(&whole, windows, until: end, final: end))
        #expect(all[SeriesKey(platform: nil, metric: .mentions)]?.isEmpty == false)

        var state = watch.state(goingOn: nil, begin: Self.begin)
        var seen: [SeriesKey: [Int64: Episode]] = [:]
        var until = Self.begin
        while until < end {
            until = min(end, until + Int64.random(in: 1...90, using: &random) * Self.hour)
            let final = max(state.next, until - Int64.random(in: 0...8, using: &random) * Self.hour)
            for (key, episodes) in episodes(watch.judge(&state, windows, until: until, final: final)) {
                for episode in episodes { seen[key, default: [:]][episode.start] = episode }
            }
            state = try #require(WatchState(bytes: state.bytes))
        }
        #expect(seen.mapValues { $0.values.sorted { $0.start < $1.start } } == all, "seed \(seed)")
        _ = watch.judge(&state, windows, until: end, final: end)
        #expect(state == whole, "seed \(seed)")
    }

    @Test func theSeriesOfABrandShareItsBudget() {
        var random = Seeded(state: 4)
        let windows = Self.windows(&random)
        let watch = BrandWatch(settings, forecaster, detector: "1")
        var state = watch.state(goingOn: nil, begin: Self.begin)
        let tracks = watch.judge(&state, windows, until: Self.begin + 504 * Self.hour, final: Self.begin)
        // Two alerts a week over six metrics, all together and on X.
        #expect(tracks.allSatisfy { abs($0.budgetDays - 3.5 * 12) < 1e-9 })
    }

    @Test func otherSettingsWeightsOrBeginningsStartAnew() {
        var random = Seeded(state: 5)
        let windows = Self.windows(&random)
        let watch = BrandWatch(settings, forecaster, detector: "1")
        var state = watch.state(goingOn: nil, begin: Self.begin)
        let until = Self.begin + 100 * Self.hour
        _ = watch.judge(&state, windows, until: until, final: until)
        #expect(watch.state(goingOn: state, begin: Self.begin) == state)
        var other = settings
        other.budget = AlertBudget(perDay: 1)
        for fresh in [
            BrandWatch(other, forecaster, detector: "1").state(goingOn: state, begin: Self.begin),
            BrandWatch(settings, forecaster, detector: "2").state(goingOn: state, begin: Self.begin),
            watch.state(goingOn: state, begin: Self.begin - Self.hour),
        ] { #expect(fresh.next == fresh.begin) }
    }

    @Test func yearsBetweenTwoArchivesAreNoQuietYears() {
        var random = Seeded(state: 6)
        let first = Self.windows(&random)
        var both = first
        let gap: Int64 = 700 * 86_400
        for (start, window) in first.together { both.together[start + gap] = window }
        // Once in two months: nothing but the bursts and the gap could be as rare.
        let mentions = AlertSettings(budget: AlertBudget(perDay: 1.0 / 60), metrics: [.mentions])
        let watch = BrandWatch(mentions, forecaster, detector: "1")
        var state = watch.state(goingOn: nil, begin: Self.begin)
        let end = Self.begin + gap + 504 * Self.hour
        let found = watch.judge(&state, both, until: end, final: end).flatMap(\.episodes)
        // The second archive begins like any other day, and its burst is found as the first one's was.
        #expect(!found.contains { (Self.begin + gap..<Self.begin + gap + 86_400).contains($0.start) })
        #expect(found.contains { $0.start >= Self.begin + gap + 399 * Self.hour })
    }

    @Test(arguments: 0..<200) func damagedStatesAreRefusedOrRead(seed: UInt64) {
        var random = Seeded(state: seed)
        let watch = BrandWatch(settings, forecaster, detector: "1")
        var bytes = watch.state(goingOn: nil, begin: Self.begin).bytes
        for _ in 0..<3 {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
        }
        _ = watch.state(goingOn: WatchState(bytes: bytes), begin: Self.begin)
    }
}
