package import Domain

/// What a monitor says of alerts: which series of its brands are watched, and who is told of what.
package struct AlertSettings: Equatable, Sendable {
    /// The length of a window, a key of `windows`.
    package var seconds: Int64
    /// False alarms accepted for each brand, however many series it has.
    package var budget: AlertBudget
    /// At least one.
    package var metrics: [SeriesMetric]
    /// Platforms that are watched apart, besides all together.
    package var platforms: [Platform]
    package var rules: AlertRules
    /// Names of channels, which operators define.
    package var channels: [String]

    /// The lengths of windows that can be watched, by name.
    package static let windows: [(name: String, seconds: Int64)] = [
        ("5 minutes", 300), ("10 minutes", 600), ("15 minutes", 900), ("30 minutes", 1800), ("hour", 3600),
        ("day", 86_400),
    ]

    package init(
        seconds: Int64 = 3600, budget: AlertBudget = .usual,
        metrics: [SeriesMetric] = [.mentions, .netSentiment], platforms: [Platform] = [],
        rules: AlertRules = AlertRules(), channels: [String] = []
    ) {
        precondition(!metrics.isEmpty && seconds > 0, "\(metrics.count) metrics in windows of \(seconds) s")
        self.seconds = seconds
        self.budget = budget
        self.metrics = metrics
        self.platforms = platforms
        self.rules = rules
        self.channels = channels
    }

    /// All together first.
    var series: [SeriesKey] {
        ([nil] + platforms).flatMap { platform in metrics.map { SeriesKey(platform: platform, metric: $0) } }
    }

    /// What is worth an alert: the series share the brand's budget alike.
    var seriesBudget: AlertBudget { AlertBudget(perDay: budget.perDay / Double(series.count)) }
}
