package import Domain

/// An anomaly as it is kept: an episode of a series, with what it is about.
package struct AnomalyRecord: Equatable, Sendable {
    /// `nil` while it has not been written.
    package var id: Int64?
    package var key: SeriesKey
    package var start: Int64
    package var end: Int64
    package var kind = AlertMessage.Kind.spike
    package var stage: AlertMessage.Stage
    package var peak: Int64
    package var peakValue: Double
    /// Start of the window that was news last.
    package var news: Int64
    package var value: Double
    package var expected: Double
    package var returnDays: Double
    package var budgetDays: Double
    package var posts: Int64 = 0
    package var drivers: [AlertDriver] = []
    package var examples: [AlertExample] = []
    package var detector: String
    /// How often it was told anew, from 1.
    package var revision = 0

    package init(
        key: SeriesKey, start: Int64, end: Int64, stage: AlertMessage.Stage, peak: Int64, peakValue: Double,
        news: Int64, value: Double, expected: Double, returnDays: Double, budgetDays: Double, detector: String
    ) {
        self.key = key
        self.start = start
        self.end = end
        self.stage = stage
        self.peak = peak
        self.peakValue = peakValue
        self.news = news
        self.value = value
        self.expected = expected
        self.returnDays = returnDays
        self.budgetDays = budgetDays
        self.detector = detector
    }

    /// Beyond a million years nothing is told apart.
    static let longest: Float = 19.7

    init(_ key: SeriesKey, _ episode: Episode, budgetDays: Double, detector: String) {
        // Counts add up; of a share the mean means something.
        let windows = key.metric.isCount ? 1 : Double(episode.windows)
        let rarity = min(episode.peakLogReturnDays, Self.longest)
        self.init(
            key: key, start: episode.start, end: episode.end,
            stage: AlertMessage.Stage(rawValue: episode.stage.rawValue) ?? .open, peak: episode.peak,
            peakValue: Double(episode.peakValue), news: episode.news, value: Double(episode.value) / windows,
            expected: Double(episode.expected) / windows,
            returnDays: Double(Elementary.exponential(rarity)), budgetDays: budgetDays, detector: detector)
    }

    var severity: Double { Double(Severity.of(logReturnDays: Elementary.logarithm(Float(returnDays)))) }

    /// Whether windows that were judged have other figures now: the same windows, or any when it was over.
    func isRevised(from old: Self) -> Bool {
        let isSettled = end == old.end || stage == .closed && old.stage == .closed
        return isSettled && (end, value, expected) != (old.end, old.value, old.expected)
    }
}

extension AlertMessage {
    /// What is told of an anomaly that was written.
    package init(
        _ event: Event, _ record: AnomalyRecord, id: Int64, monitor: String, brand: String, seconds: Int64,
        foundAt: Timestamp, updatedAt: Timestamp
    ) {
        self.init(
            event: event, anomaly: id, monitor: monitor, brand: brand, platform: record.key.platform?.name,
            metric: record.key.metric.name, windowSeconds: Int(seconds), kind: record.kind, stage: record.stage,
            startedAt: Timestamp(seconds: record.start), endedAt: Timestamp(seconds: record.end),
            peakAt: Timestamp(seconds: record.peak), peakValue: record.peakValue, value: record.value,
            expected: record.expected, excess: record.value - record.expected, returnDays: record.returnDays,
            severity: record.severity, budgetDays: record.budgetDays, posts: record.posts, drivers: record.drivers,
            examples: record.examples, detector: record.detector, revision: record.revision, foundAt: foundAt,
            updatedAt: updatedAt)
    }
}
