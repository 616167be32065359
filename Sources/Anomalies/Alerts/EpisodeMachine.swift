/// Turns the surprises of a series into episodes: one alert for each, however long it lasts.
///
/// Pure: a window comes in, what happened comes out. It is stored beside the series' state and moves with it.
package struct EpisodeMachine: Equatable, Sendable, Codable {
    /// What a window changed.
    package enum Event: Equatable, Sendable {
        case opened(Episode)
        case grew(Episode)
        case peaked(Episode)
        case closed(Episode)

        package var episode: Episode {
            switch self {
            case .opened(let episode), .grew(let episode), .peaked(let episode), .closed(let episode): episode
            }
        }
    }

    package private(set) var current: Episode?
    private var past = FadingPeak()
    /// Sums over quiet windows since `current.end`: they belong to the episode only if it goes on.
    private var quietValue: Float = 0
    private var quietExpected: Float = 0
    private var quietWindows: Float = 0
    /// The end of the last window that was grave enough to keep the episode open.
    ///
    /// Long spans remember a burst for half a day after its end, so this may lie behind `current.end`.
    private var graveUntil: Int64 = 0

    package init() {}

    /// An episode ends after three hours in the ordinary, or three windows where they are longer.
    private static let quietSeconds: Int64 = 10_800
    /// It has peaked when it has been below its peak for an hour, or a window.
    private static let peakSeconds: Int64 = 3600

    /// Takes in the next window.
    ///
    /// - Parameter threshold: the severity that is worth an alert; half of it keeps an episode open.
    package mutating func advance(
        start: Int64, grain: Int64, value: Float, surprise: Surprise, threshold: Float
    ) -> [Event] {
        let severity = Severity.of(logReturnDays: surprise.logReturnDays)
        let end = start + grain
        guard var episode = current else {
            guard severity >= threshold else { return [] }
            let isNews = past.isNews(severity, at: start)
            guard isNews else { return [] }
            let episode = Episode(
                start: start, end: end, isDrop: surprise.isDrop, peak: start, news: start,
                peakLogReturnDays: surprise.logReturnDays, peakValue: value, value: value, expected: surprise.expected)
            current = episode
            quietValue = 0
            quietExpected = 0
            quietWindows = 0
            graveUntil = end
            return [.opened(episode)]
        }
        quietValue += value
        quietExpected += surprise.expected
        quietWindows += 1
        let isSame = surprise.isDrop == episode.isDrop
        if isSame, severity >= threshold / 2 {
            graveUntil = end
            if surprise.isBeyond(value) { extend(&episode, to: end) }
        }
        var events: [Event] = []
        // News is measured against what is left of the peak: a second burst a day later tells, though the first was graver.
        let isNews = isSame && severity >= threshold && past.isNews(severity, at: start)
        let isPeak = isSame && surprise.logReturnDays > episode.peakLogReturnDays
        if isPeak {
            episode.peak = start
            episode.peakLogReturnDays = surprise.logReturnDays
            episode.peakValue = value
        }
        if isNews || isPeak {
            episode.stage = .growing
            if isNews {
                episode.news = start
                events = [.grew(episode)]
            }
        } else if end - graveUntil >= max(Self.quietSeconds, 3 * grain) {
            episode.stage = .closed
            events = [.closed(episode)]
        } else if episode.stage != .peaked, start - episode.peak >= max(Self.peakSeconds, grain) {
            episode.stage = .peaked
            events = [.peaked(episode)]
        }
        current = episode.stage == .closed ? nil : episode
        return events
    }

    /// Adds the windows since the episode's end to it.
    private mutating func extend(_ episode: inout Episode, to end: Int64) {
        episode.end = end
        episode.value += quietValue
        episode.expected += quietExpected
        episode.windows += quietWindows
        quietValue = 0
        quietExpected = 0
        quietWindows = 0
    }
}
