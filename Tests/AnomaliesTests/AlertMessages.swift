import Anomalies
import Domain

/// A message as tests need one.
func alert(
    _ event: AlertMessage.Event = .opened, kind: AlertMessage.Kind = .crisis, posts: Int64 = 100,
    ended: String = "2026-11-23T08:30:00Z", window: Int = 300
) -> AlertMessage {
    AlertMessage(
        event: event, anomaly: 7, monitor: "cities", brand: "Aurora", platform: nil, metric: "mentions",
        windowSeconds: window, kind: kind, stage: .open, startedAt: at("2026-11-23T08:00:00Z"), endedAt: at(ended),
        peakAt: at("2026-11-23T08:25:00Z"), peakValue: 60, value: 100, expected: 4, excess: 96,
        returnDays: .infinity, severity: 12, budgetDays: 3.5, posts: posts,
        drivers: [
            AlertDriver(
                kind: "hashtag", key: "recall", posts: 80, authors: 70, expected: 0.1, share: 0.8, score: 88)
        ],
        examples: [
            AlertExample(
                postID: "x-1", author: nil, createdAt: at("2026-11-23T08:01:02.345Z"), text: "they \"burn\"",
                url: "https://example.com/1")
        ], detector: "d1", revision: 2, foundAt: at("2026-11-23T08:35:01.5Z"), updatedAt: at("2026-11-23T08:40:00Z"))
}

func at(_ text: String) -> Timestamp {
    guard let moment = Timestamp(text) else { preconditionFailure("'\(text)' is no time") }
    return moment
}
