import Anomalies
import Domain
import Foundation

/// An anomaly as people read it.
extension AlertMessage {
    var seriesMetric: SeriesMetric? { SeriesMetric(name: metric) }

    /// Whether values are levels, which do not add up, and no counts.
    var isGauge: Bool { seriesMetric.map { !$0.isCount } ?? false }

    /// The end of it, so far.
    var end: Timestamp { endedAt ?? Timestamp(milliseconds: startedAt.milliseconds + Int64(windowSeconds) * 1000) }

    func figure(_ value: Double) -> String {
        isGauge || abs(value) < 9.5 && value != value.rounded()
            ? Figures.decimal(value, places: isGauge ? 2 : 1) : Figures.grouped(value)
    }

    /// `once in 120 days`, `once in 12 years`.
    var rarity: String { "once in \(Self.span(days: returnDays))" }

    static func span(days: Double) -> String {
        switch days {
        case ..<0.95: "\(Figures.duration(max(days, 0) * 86_400))"
        case ..<9.95: short(days) == "1" ? "1 day" : short(days) + " days"
        case ..<1000: "\(Figures.grouped(days)) days"
        case ..<365_250: "\(Figures.grouped(days / 365.25)) years"
        // No series is long enough to tell.
        default: "more than 1,000 years"
        }
    }

    /// With a decimal where there is one.
    private static func short(_ value: Double) -> String {
        let text = Figures.decimal(value, places: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// `spike, once in 120 days: 840 mentions instead of 120, mostly #recall (62 %)`.
    var note: String {
        let driver = drivers.first.map { ", mostly \($0.name) (\($0.percent))" } ?? ""
        return "\(kind.rawValue), \(rarity): \(figure(value)) instead of \(figure(expected))\(driver)"
    }

    /// What happened, in a sentence.
    var sentence: String {
        let place = platform.map { " on \($0)" } ?? ""
        let time = "from \(Figures.minute(startedAt)) to \(Figures.minute(end)) UTC"
        let amount =
            isGauge
            ? "a mean \(metricName) of \(figure(value))\(place) \(time), where \(figure(expected)) was expected"
            : "\(figure(value)) \(metricName)\(place) \(time), \(times)the \(figure(expected)) that were expected"
        return "\(title): \(brand) had \(amount)."
    }

    private var title: String { kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst() + " \(anomaly)" }

    var metricName: String { metric.replacing("_", with: " ") }

    private var times: String {
        guard expected > 0 else { return "not " }
        let factor = value / expected
        return "\(factor < 9.95 ? Self.short(factor) : Figures.grouped(factor)) times "
    }

    /// How it compares to what the user asked for.
    var budgetSentence: String {
        let change = stage == .withdrawn ? " It was withdrawn: late posts showed that it was none." : ""
        return "A window this far out comes \(rarity) for this brand; alerts are for what comes once in "
            + "\(Self.span(days: budgetDays)) or less often.\(change)"
    }

    /// What drove it, in a sentence; `nil` where nothing stood out.
    var driverSentence: String? {
        guard let driver = drivers.first else { return nil }
        return "It was mostly \(driver.name): \(driver.percent) of the excess, \(Figures.grouped(driver.posts)) "
            + "posts by \(Figures.grouped(driver.authors)) authors."
    }
}

extension AlertDriver {
    /// `#recall`, `“factory fire”`, `@somebody`.
    var name: String {
        let key = Terminal.visible(key)
        return switch kind {
        case "hashtag": "#" + key
        case "term": "“" + key + "”"
        case "author": "@" + key
        case "domain": key
        case "duplicate": "copies of one post (\(key))"
        default: kind + " " + key
        }
    }

    var percent: String { "\(Figures.decimal(share * 100, places: 0)) %" }
}

extension Figures {
    /// `2026-11-23 08:30`.
    static func minute(_ moment: Timestamp) -> String {
        String(CivilTime(moment).text.dropLast(4).replacing("T", with: " "))
    }
}
