package import Domain

/// What a receiver is told about an anomaly: the row of `trends.anomalies` at this revision, and what changed it.
///
/// As JSON its keys are the view's columns. Keys are added, never renamed or removed.
package struct AlertMessage: Codable, Equatable, Sendable {
    /// What an anomaly is about.
    package enum Kind: String, Codable, CaseIterable, Sendable {
        /// More than usual.
        case spike
        /// A spike of mentions while the sentiment falls.
        case crisis
        /// Worse sentiment, or more complaints, without more mentions.
        case mood
    }

    /// Where it stands.
    package enum Stage: String, Codable, CaseIterable, Sendable {
        case open, growing, peaked, closed
        /// Late posts showed that it was none.
        case withdrawn
    }

    /// What happened to it.
    package enum Event: String, Codable, CaseIterable, Sendable {
        case opened, growing, peaked, closed
        /// Late posts changed its figures.
        case revised
        case withdrawn
    }

    package var event: Event
    /// The same whenever this message is sent again, and of no other message.
    package let key: String

    package var anomaly: Int64
    package var monitor: String
    package var brand: String
    /// `nil` for all together.
    package var platform: String?
    package var metric: String
    package var windowSeconds: Int
    package var kind: Kind
    package var stage: Stage
    package var startedAt: Timestamp
    /// The end of the last window that was beyond the ordinary, so far.
    package var endedAt: Timestamp?
    package var peakAt: Timestamp
    package var peakValue: Double
    package var value: Double
    package var expected: Double
    package var excess: Double
    /// It comes once in so many days.
    package var returnDays: Double
    /// ln(1 + `returnDays`).
    package var severity: Double
    /// What is worth an alert comes once in so many days, or more rarely.
    package var budgetDays: Double
    /// Of the brand, in the episode.
    package var posts: Int64
    package var drivers: [AlertDriver]
    package var examples: [AlertExample]
    package var detector: String
    package var revision: Int
    package var foundAt: Timestamp
    package var updatedAt: Timestamp

    /// Figures that are not finite, which JSON has no word for, become the nearest that are.
    package init(
        event: Event, anomaly: Int64, monitor: String, brand: String, platform: String?, metric: String,
        windowSeconds: Int, kind: Kind, stage: Stage, startedAt: Timestamp, endedAt: Timestamp?, peakAt: Timestamp,
        peakValue: Double, value: Double, expected: Double, excess: Double, returnDays: Double, severity: Double,
        budgetDays: Double, posts: Int64, drivers: [AlertDriver], examples: [AlertExample], detector: String,
        revision: Int, foundAt: Timestamp, updatedAt: Timestamp
    ) {
        self.event = event
        // Anomalies of two databases have the same numbers, but were hardly found in the same millisecond.
        key = "\(anomaly)-\(foundAt.milliseconds)-\(revision)-\(event.rawValue)"
        self.anomaly = anomaly
        self.monitor = monitor
        self.brand = brand
        self.platform = platform
        self.metric = metric
        self.windowSeconds = windowSeconds
        self.kind = kind
        self.stage = stage
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.peakAt = peakAt
        self.peakValue = peakValue.nearestFinite
        self.value = value.nearestFinite
        self.expected = expected.nearestFinite
        self.excess = excess.nearestFinite
        self.returnDays = returnDays.nearestFinite
        self.severity = severity.nearestFinite
        self.budgetDays = budgetDays.nearestFinite
        self.posts = posts
        self.drivers = drivers
        self.examples = examples
        self.detector = detector
        self.revision = revision
        self.foundAt = foundAt
        self.updatedAt = updatedAt
    }

    private enum CodingKeys: String, CodingKey {
        case event, key, anomaly, monitor, brand, platform, metric
        case windowSeconds = "window_seconds"
        case kind, stage
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case peakAt = "peak_at"
        case peakValue = "peak_value"
        case value, expected, excess
        case returnDays = "return_days"
        case severity
        case budgetDays = "budget_days"
        case posts, drivers, examples, detector, revision
        case foundAt = "found_at"
        case updatedAt = "updated_at"
    }
}

/// One of the things that drove an anomaly, as receivers are told.
package struct AlertDriver: Codable, Equatable, Sendable {
    /// `hashtag`, `term`, `author`, `domain`, `language`, `platform` or `duplicate`.
    package var kind: String
    package var key: String
    package var posts: Int64
    package var authors: Int64
    package var expected: Double
    /// Its part of the excess, 0 … 1.
    package var share: Double
    package var score: Double

    package init(
        kind: String, key: String, posts: Int64, authors: Int64, expected: Double, share: Double, score: Double
    ) {
        self.kind = kind
        self.key = key
        self.posts = posts
        self.authors = authors
        self.expected = expected.nearestFinite
        self.share = share.nearestFinite
        self.score = score.nearestFinite
    }
}

/// A post of an anomaly, as receivers are told.
package struct AlertExample: Codable, Equatable, Sendable {
    package var postID: String
    package var author: String?
    package var createdAt: Timestamp
    package var text: String
    package var url: String?

    package init(postID: String, author: String?, createdAt: Timestamp, text: String, url: String?) {
        self.postID = postID
        self.author = author
        self.createdAt = createdAt
        self.text = text
        self.url = url
    }

    private enum CodingKeys: String, CodingKey {
        case postID = "post_id"
        case author
        case createdAt = "created_at"
        case text, url
    }
}

extension Double {
    /// 0 for what is no number.
    fileprivate var nearestFinite: Double {
        isNaN ? 0 : Swift.min(Swift.max(self, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
    }
}
