internal import Domain

/// Watches the series of one brand: windows come in, episodes come out.
///
/// Pure, and the same for backfill and live: it goes on from a state at which nothing can change any more, over all windows
/// that are closed, every time. So late posts need no care of their own.
package struct BrandWatch: Sendable {
    /// The episodes of a series that lived in the windows looked at, in order.
    package struct Track: Equatable, Sendable {
        package var key: SeriesKey
        package var episodes: [Episode]
        /// What was worth an alert: once in so many days.
        package var budgetDays: Double
    }

    private let settings: AlertSettings
    private let forecaster: Forecaster
    private let maker: String

    /// A brand of which nothing was heard for so long is not listened to before its next post.
    ///
    /// Between two archives there may be years, and a collector may be down for days: silence that is nobody's must not
    /// become the ordinary. A brand with less than a post a day is taken for somewhat larger by that.
    package static let patience: Int64 = 86_400

    /// - Parameter detector: version of the forecaster's weights.
    package init(_ settings: AlertSettings, _ forecaster: Forecaster, detector: String) {
        self.settings = settings
        self.forecaster = forecaster
        let metrics = settings.metrics.map(\.name).joined(separator: ",")
        let platforms = settings.platforms.map(\.name).joined(separator: ",")
        maker = "1 \(detector) \(settings.seconds) \(settings.budget.perDay) \(metrics) \(platforms)"
    }

    /// The state to go on from: the one given, unless it was made otherwise or begins elsewhere.
    package func state(goingOn state: WatchState?, begin: Int64) -> WatchState {
        guard let state, state.maker == maker, state.begin == begin,
            state.series.allSatisfy({ $0.seriesState != nil })
        else { return WatchState(maker: maker, begin: begin) }
        return state
    }

    /// Judges the windows from `state.next` to `until`.
    ///
    /// - Parameters:
    ///   - state: moves on to the windows that are final.
    ///   - final: start of the first window that late posts may still change, within the time looked at.
    package func judge(
        _ state: inout WatchState, _ windows: WatchedWindows, until: Int64, final: Int64
    ) -> [Track] {
        precondition(state.next <= final && final <= until, "windows from \(state.next) to \(final) to \(until)")
        var series: [WatchState.Series] = []
        var tracks: [Track] = []
        for key in settings.series {
            var run = SeriesRun(
                key, Detector(key.metric.profile(grain: settings.seconds), forecaster), settings.seriesBudget,
                state.series.first { $0.isOf(key) })
            for start in stride(from: state.next, to: until, by: Int(settings.seconds)) {
                if start == final { run.kept().map { series.append($0) } }
                run.take(windows[key.platform][start] ?? WindowTotals(), start, patience: Self.patience)
            }
            if final == until { run.kept().map { series.append($0) } }
            guard !run.episodes.isEmpty else { continue }
            let episodes = run.episodes.values.sorted { $0.start < $1.start }
            tracks.append(Track(key: key, episodes: episodes, budgetDays: settings.seriesBudget.returnDays))
        }
        state.series = series
        state.next = final
        return tracks
    }
}

/// One series on its way from window to window.
private struct SeriesRun {
    private let key: SeriesKey
    private let detector: Detector
    private let threshold: Float
    private var state: SeriesState
    private var machine = EpisodeMachine()
    /// `nil` before the first post.
    private var heard: Int64?
    private(set) var episodes: [Int64: Episode] = [:]

    init(_ key: SeriesKey, _ detector: Detector, _ budget: AlertBudget, _ past: WatchState.Series?) {
        self.key = key
        self.detector = detector
        threshold = budget.severity
        state = past?.seriesState ?? detector.start()
        guard let past else { return }
        machine = past.machine
        heard = past.heard
    }

    mutating func take(_ window: WindowTotals, _ start: Int64, patience: Int64) {
        if window.posts > 0 { heard = start }
        guard let heard, start - heard < patience, let value = key.metric.value(of: window) else { return }
        let surprise = detector.advance(&state, start: start, value: value)
        let events = machine.advance(
            start: start, grain: detector.profile.grain, value: value, surprise: surprise, threshold: threshold)
        for episode in events.map(\.episode) + [machine.current].compactMap(\.self) {
            episodes[episode.start] = episode
        }
    }

    func kept() -> WatchState.Series? {
        heard.map { WatchState.Series(key, state, machine, heard: $0) }
    }
}
