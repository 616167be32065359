/// How many false alarms a user accepts: the one dial of alerting.
///
/// Written `2 per week`, `0.3 per day` or `1 per month`.
package struct AlertBudget: Equatable, Sendable, CustomStringConvertible {
    /// Alerts per series and day.
    package let perDay: Double

    /// - Precondition: `perDay` is positive.
    package init(perDay: Double) {
        precondition(perDay > 0 && perDay.isFinite, "a budget of \(perDay) alerts per day")
        self.perDay = perDay
    }

    package static let usual = Self(perDay: 2.0 / 7)

    private static let days: [(name: Substring, days: Double)] = [
        ("day", 1), ("week", 7), ("month", 30), ("year", 365),
    ]

    /// `nil` when the text is not a positive number `per day`, `week`, `month` or `year`.
    package init?(_ text: some StringProtocol) {
        let words = text.split(separator: " ").map { $0.lowercased() }
        guard words.count == 3, words[1] == "per", let count = Double(words[0]), count > 0, count <= 1000,
            let unit = Self.days.first(where: { $0.name == words[2] })
        else { return nil }
        perDay = count / unit.days
    }

    package var description: String {
        let unit = Self.days.first { perDay * $0.days >= 1 } ?? ("year", 365)
        let count = (perDay * unit.days * 100).rounded() / 100
        return "\(count == count.rounded() ? "\(Int(count))" : "\(count)") per \(unit.name)"
    }

    /// What is worth an alert: departures that come once in this many days, or more rarely.
    package var returnDays: Double { 1 / perDay }

    package var severity: Float { Severity.of(logReturnDays: Elementary.logarithm(Float(returnDays))) }
}

/// How grave a departure is: ln(1 + return period in days), never negative.
package enum Severity {
    package static func of(logReturnDays: Float) -> Float {
        if logReturnDays > 16 { return logReturnDays }
        guard logReturnDays > -16 else { return 0 }
        return Elementary.logarithm(1 + Elementary.exponential(logReturnDays))
    }
}
