/// A moment of the Gregorian calendar in UTC, to the minute; integers only, without Foundation.
package struct CivilTime: Equatable, Sendable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int
    package let hour: Int
    package let minute: Int
    /// 0 for Sunday.
    package let weekday: Int

    package init(_ moment: Timestamp) {
        let seconds = moment.seconds
        let days = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
        self.init(day: days, minute: Int(seconds - days * 86_400) / 60)
    }

    /// - Parameters:
    ///   - days: since 1970-01-01, a Thursday.
    ///   - minute: of that day.
    init(day days: Int64, minute: Int) {
        // Years begin in March, so that the leap day is the last: Hinnant, "chrono-compatible low-level date algorithms".
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * part + 2) / 5 + 1)
        month = Int(part < 10 ? part + 3 : part - 9)
        year = Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0))
        hour = minute / 60
        self.minute = minute % 60
        weekday = Int(((days + 4) % 7 + 7) % 7)
    }

    /// The date alone: `2026-11-23`.
    package var date: String { "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))" }

    /// RFC 3339: `2026-11-23T08:30:00Z`.
    package var text: String { "\(date)T\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):00Z" }

    /// A text with `%Y`, `%m`, `%d`, `%H`, `%M` replaced by parts of this moment, and `%%` by a percent sign.
    ///
    /// A percent sign before anything else stays.
    package func filling(_ pattern: String) -> String {
        var result = ""
        var isEscaped = false
        for character in pattern {
            guard isEscaped else {
                if character == "%" { isEscaped = true } else { result.append(character) }
                continue
            }
            isEscaped = false
            switch character {
            case "Y": result += Self.padded(year, 4)
            case "m": result += Self.padded(month, 2)
            case "d": result += Self.padded(day, 2)
            case "H": result += Self.padded(hour, 2)
            case "M": result += Self.padded(minute, 2)
            case "%": result += "%"
            default: result += "%\(character)"
            }
        }
        return isEscaped ? result + "%" : result
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
