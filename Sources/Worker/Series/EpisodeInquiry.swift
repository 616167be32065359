internal import Anomalies
internal import Domain
internal import Store
internal import Trends

/// Finds out what an anomaly is about: its posts, whether it is bad news, what drove it.
///
/// All of it is told by comparison with the week before.
struct EpisodeInquiry {
    private let record: AnomalyRecord
    private let seconds: Int64
    private let windows: [Int64: WindowTotals]
    private let voices: [Int64: Voices]

    private static let day: Int64 = 86_400
    private static let baseline: Int64 = 7
    /// Two deviates that chance brings in less than one of some seven hundred anomalies.
    private static let clear = 3.0
    private static let mostDrivers = 8
    private static let mostExamples = 3

    init(_ record: AnomalyRecord, seconds: Int64, _ evidence: any WatchEvidence) throws {
        self.record = record
        self.seconds = seconds
        let since = record.start - Self.baseline * Self.day
        windows = try evidence.windows(
            since: since, until: record.end, platform: record.key.platform, withAuthors: false)
        voices = try evidence.voices(since: since / 3600 * 3600, until: record.end)
    }

    /// Writes what was found out.
    func enter(_ record: inout AnomalyRecord) {
        let episode = sum(record.start..<record.end)
        let usual = sum(record.start - Self.baseline * Self.day..<record.start)
        record.posts = episode.posts
        record.kind = kind(episode, usual)
        let isMood = record.key.metric == .negativeShare || record.key.metric == .netSentiment
        let inquiry = DriverInquiry(
            voices, record.start..<record.end, platform: record.key.platform, negativeOnly: isMood)
        let found = inquiry.drivers(
            expectedShare: min(expectedPosts / max(Double(episode.posts), 1), 1), limit: Self.mostDrivers)
        record.drivers = found
        record.examples = inquiry.examples(of: found.first, limit: Self.mostExamples)
    }

    private func sum(_ range: Range<Int64>) -> WindowTotals {
        var sum = WindowTotals()
        for (start, window) in windows where range.contains(start) {
            sum.posts += window.posts
            sum.negative += window.negative
            sum.neutral += window.neutral
            sum.positive += window.positive
        }
        return sum
    }

    /// Of posts about the brand in the episode: what its series expects, or the same hours of the days before brought.
    private var expectedPosts: Double {
        if record.key.metric == .mentions { return record.expected }
        var expected = 0.0
        let first = windows.keys.min() ?? record.start
        for start in stride(from: record.start, to: record.end, by: Int(seconds)) {
            let before = (1...Self.baseline).map { start - $0 * Self.day }.filter { $0 >= first && $0 < record.start }
            guard !before.isEmpty else { continue }
            expected += before.reduce(0) { $0 + Double(windows[$1]?.posts ?? 0) } / Double(before.count)
        }
        return expected
    }

    /// A crisis has clearly more posts, and a clearly greater part of them negative, whichever was noticed first.
    private func kind(_ episode: WindowTotals, _ usual: WindowTotals) -> AlertMessage.Kind {
        switch record.key.metric {
        case .negativeShare, .netSentiment:
            let expected = expectedPosts
            let excess = (Double(episode.posts) - expected) / max(expected, 1).squareRoot()
            return excess >= Self.clear && Double(episode.posts) >= 2 * expected ? .crisis : .mood
        case .mentions, .authors, .engagement, .reach:
            return isWorse(episode, usual) ? .crisis : .spike
        }
    }

    /// The test of two proportions, and a difference that matters: 5 points.
    private func isWorse(_ episode: WindowTotals, _ usual: WindowTotals) -> Bool {
        let now = (bad: Double(episode.negative), all: Double(episode.scored))
        let before = (bad: Double(usual.negative), all: Double(usual.scored))
        guard now.all > 0, before.all > 0 else { return false }
        let pooled = (now.bad + before.bad) / (now.all + before.all)
        let error = (pooled * (1 - pooled) * (1 / now.all + 1 / before.all)).squareRoot()
        let difference = now.bad / now.all - before.bad / before.all
        return difference >= 0.05 && difference >= Self.clear * error
    }
}

extension WindowTotals {
    fileprivate var scored: Int64 { negative + neutral + positive }
}
