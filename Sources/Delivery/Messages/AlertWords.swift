internal import Anomalies
internal import Domain

/// A message in words, each line plain and safe to show.
struct AlertWords {
    private let message: AlertMessage
    /// How text from outside is made fit for the receiver.
    private let fit: (String, Int) -> String

    init(_ message: AlertMessage, fit: @escaping (String, Int) -> String) {
        self.message = message
        self.fit = fit
    }

    /// Drivers and examples told: what fits on a telephone; the rest is in SQL.
    private static let mostDrivers = 5
    private static let mostExamples = 3

    /// `Crisis opened: Aurora, 100 mentions in 30 min, 4 expected`.
    var title: String {
        "\(kind) \(message.event.rawValue): \(fit(message.brand, 80)), \(figures)"
    }

    private var kind: String {
        switch message.kind {
        case .spike: "Spike"
        case .crisis: "Crisis"
        case .mood: "Mood"
        }
    }

    private var figures: String {
        let metric = fit(message.metric, 40).replacing("_", with: " ")
        if ["negative_share", "net_sentiment"].contains(message.metric) {
            return "\(metric) at \(Self.number(message.peakValue, digits: 2))"
        }
        return "\(Self.number(message.value)) \(metric) in \(span), \(Self.number(message.expected)) expected"
    }

    private var span: String {
        let end = message.endedAt ?? message.updatedAt
        let minutes = max((end.seconds - message.startedAt.seconds) / 60, 1)
        return minutes < 120 ? "\(minutes) min" : minutes < 2880 ? "\(minutes / 60) h" : "\(minutes / 1440) days"
    }

    var facts: [String] {
        var lines = [
            "Monitor \(fit(message.monitor, 80)), \(message.platform.map { fit($0, 40) } ?? "all platforms"), "
                + "anomaly \(message.anomaly), revision \(message.revision)",
            "From \(Self.time(message.startedAt)), peak \(Self.time(message.peakAt)); "
                + "such a departure comes once in \(Self.number(message.returnDays)) days",
        ]
        if message.event == .withdrawn { lines.append("Late posts showed that it was none.") }
        return lines
    }

    var drivers: [String] {
        message.drivers.prefix(Self.mostDrivers).map { driver in
            "\(fit(driver.kind, 20)) \(fit(driver.key, 60)): \(driver.posts) posts by \(driver.authors) authors, "
                + "\(Self.number(driver.share * 100)) % of what was more than usual"
        }
    }

    var examples: [String] {
        message.examples.prefix(Self.mostExamples).map { example in
            let author = example.author.map { "\(fit($0, 40)): " } ?? ""
            return author + fit(example.text, 280) + (example.url.map { " – \(fit($0, 300))" } ?? "")
        }
    }

    private static func time(_ moment: Timestamp) -> String {
        String(CivilTime(moment).text.dropLast(4)).replacing("T", with: " ") + " UTC"
    }

    static func number(_ value: Double, digits: Int = 0) -> String {
        guard value.magnitude < 1e9 else { return value < 0 ? "less than -1000000000" : "more than 1000000000" }
        let scale = digits == 0 ? (value.magnitude < 10 ? 10.0 : 1) : 100
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
    }
}
