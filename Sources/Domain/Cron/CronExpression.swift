/// When something is to happen again and again: minute, hour, day of the month, month and day of the week, in UTC.
///
/// Lists, ranges, steps, names of months and days, and `@hourly` and its like, as crontab(5) has them. As there, a day
/// must suit both day fields when one of them begins with `*`, and either of them when none does.
package struct CronExpression: Equatable, Sendable, CustomStringConvertible {
    package let description: String
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    /// Whether a day that suits one of the two day fields is enough.
    private let eitherDay: Bool

    private static let nicknames = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]
    /// The calendar repeats after 400 years, weekdays included.
    private static let cycleDays: Int64 = 146_097

    package init(_ text: String) throws(CronError) {
        let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if trimmed.hasPrefix("@"), Self.nicknames[trimmed.lowercased()] == nil {
            let known = Self.nicknames.keys.sorted().joined(separator: ", ")
            throw CronError(text: trimmed, field: nil, reason: "there is no '\(trimmed)'; there are \(known)")
        }
        let fields = (Self.nicknames[trimmed.lowercased()] ?? trimmed).split(separator: " ")
        guard fields.count == CronField.allCases.count else {
            let names = CronField.allCases.map(\.name).joined(separator: ", ")
            throw CronError(text: trimmed, field: nil, reason: "it has \(fields.count) fields, not five: \(names)")
        }
        var bits: [UInt64] = []
        for field in CronField.allCases {
            do throws(CronProblem) {
                bits.append(try field.bits(of: fields[field.rawValue]))
            } catch {
                throw CronError(text: trimmed, field: field.rawValue, reason: error.text)
            }
        }
        description = trimmed
        (minutes, hours, days, months, weekdays) = (bits[0], bits[1], bits[2], bits[3], bits[4])
        eitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        guard firstDay(from: 0) != nil else {
            throw CronError(text: trimmed, field: CronField.day.rawValue, reason: "no year has such a day")
        }
    }

    /// Whether the minute that begins at or holds the moment is one of its times.
    package func matches(_ moment: Timestamp) -> Bool {
        let time = CivilTime(moment)
        return holds(minutes, time.minute) && holds(hours, time.hour) && suits(time)
    }

    /// The first time after a moment.
    package func next(after moment: Timestamp) -> Timestamp {
        let minute = Self.floor(moment.seconds, 60) + 1
        var day = Self.floor(minute, 1440)
        if suits(CivilTime(day: day, minute: 0)), let found = minuteOfDay(from: Int(minute - day * 1440)) {
            return Timestamp(seconds: (day * 1440 + Int64(found)) * 60)
        }
        guard let next = firstDay(from: day + 1), let found = minuteOfDay(from: 0) else {
            preconditionFailure("'\(description)' never happens, which its making refuses")
        }
        day = next
        return Timestamp(seconds: (day * 1440 + Int64(found)) * 60)
    }

    /// The last time after one moment and not after another; `nil` when there is none.
    package func latest(after moment: Timestamp, notAfter now: Timestamp) -> Timestamp? {
        // Looks back farther and farther, since what is rare has few times and what is frequent has one close by.
        var span: Int64 = 3_600_000
        while true {
            let start = max(moment, Timestamp(milliseconds: now.milliseconds - span))
            var time = next(after: start)
            if time <= now {
                while true {
                    let following = next(after: time)
                    if following > now { return time }
                    time = following
                }
            }
            guard start > moment else { return nil }
            span *= 8
        }
    }

    private func firstDay(from day: Int64) -> Int64? {
        (day...day + Self.cycleDays).first { suits(CivilTime(day: $0, minute: 0)) }
    }

    /// The first minute of a day that suits, from one on.
    private func minuteOfDay(from start: Int) -> Int? {
        (start..<1440).first { holds(hours, $0 / 60) && holds(minutes, $0 % 60) }
    }

    private func suits(_ time: CivilTime) -> Bool {
        guard holds(months, time.month) else { return false }
        let (day, weekday) = (holds(days, time.day), holds(weekdays, time.weekday))
        return eitherDay ? day || weekday : day && weekday
    }

    private func holds(_ bits: UInt64, _ number: Int) -> Bool { bits & 1 << UInt64(number) != 0 }

    private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
    }
}
