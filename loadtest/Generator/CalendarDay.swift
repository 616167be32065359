/// A day in UTC, from seconds since 1970; the calendar in integers, without Foundation.
struct CalendarDay {
    let year: Int64
    let month: Int64
    let day: Int64

    /// Days count from 1 March of year 0, so that the leap day is a year's last (Howard Hinnant's `civil_from_days`).
    init(_ seconds: Int64) {
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// As in `2026-11-08`.
    var text: String { "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)" }

    /// 0 for Monday; 1 January 1970 was a Thursday.
    static func weekday(_ seconds: Int64) -> Int { Int((seconds / 86_400 + 3) % 7) }
}
