import Domain
import Foundation
import Harness
import Testing

struct CronTests {
    private func moment(_ text: String) throws -> Timestamp {
        Timestamp(seconds: Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970))
    }

    /// Expression, moment, and the times that follow it.
    static let answers: [(String, String, [String])] = [
        ("* * * * *", "2026-11-23T08:30:00Z", ["2026-11-23T08:31:00Z", "2026-11-23T08:32:00Z"]),
        ("0 * * * *", "2026-11-23T08:30:59Z", ["2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"]),
        ("@hourly", "2026-12-31T23:00:00Z", ["2027-01-01T00:00:00Z"]),
        ("*/15 9-17 * * mon-fri", "2026-11-20T17:30:00Z", ["2026-11-20T17:45:00Z", "2026-11-23T09:00:00Z"]),
        ("30 2 * * *", "2026-02-28T02:30:00Z", ["2026-03-01T02:30:00Z"]),
        ("0 0 29 2 *", "2026-01-01T00:00:00Z", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
        ("0 0 29 2 *", "2096-03-01T00:00:00Z", ["2104-02-29T00:00:00Z"]),
        (
            "0 12 13 * fri", "2026-11-01T00:00:00Z",
            ["2026-11-06T12:00:00Z", "2026-11-13T12:00:00Z", "2026-11-20T12:00:00Z"]
        ),
        ("0 12 */2 * fri", "2026-11-01T00:00:00Z", ["2026-11-13T12:00:00Z", "2026-11-27T12:00:00Z"]),
        ("0 0 31 * *", "2026-01-31T00:00:00Z", ["2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"]),
        ("5,10 0 1 JAN,jul *", "2026-11-23T00:00:00Z", ["2027-01-01T00:05:00Z", "2027-01-01T00:10:00Z"]),
        ("0 0 * * 7", "2026-11-23T00:00:00Z", ["2026-11-29T00:00:00Z", "2026-12-06T00:00:00Z"]),
        (
            "0 0 * * fri-sun", "2026-11-23T00:00:00Z",
            ["2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z"]
        ),
        (
            "10/20 4 * * *", "2026-11-23T00:00:00Z",
            ["2026-11-23T04:10:00Z", "2026-11-23T04:30:00Z", "2026-11-23T04:50:00Z"]
        ),
        ("@yearly", "1969-06-01T00:00:00Z", ["1970-01-01T00:00:00Z"]),
        ("59 23 31 12 *", "1899-12-31T23:59:00Z", ["1900-12-31T23:59:00Z"]),
    ]

    @Test(arguments: answers) func theNextTimesAreThoseOfTheCalendar(
        expression: String, after: String, expected: [String]
    ) throws {
        let cron = try CronExpression(expression)
        var time = try moment(after)
        for next in expected {
            time = cron.next(after: time)
            #expect(CivilTime(time).text == next, "\(expression) after \(after)")
        }
    }

    @Test(arguments: 0..<40) func theNextTimeIsTheFirstMinuteThatMatches(seed: UInt64) throws {
        var random = Seeded(state: seed)
        func field(_ range: ClosedRange<Int>) -> String {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: return "*"
            case 2: return "*/\(Int.random(in: 1...range.upperBound, using: &random))"
            case 3:
                let first = Int.random(in: range, using: &random)
                return "\(first)-\(Int.random(in: first...range.upperBound, using: &random))"
            default:
                return (0..<Int.random(in: 1...4, using: &random)).map { _ in "\(Int.random(in: range, using: &random))"
                }
                .joined(separator: ",")
            }
        }
        // No day above 28: every expression happens in each month that it names.
        let text = [field(0...59), field(0...23), field(1...28), field(1...12), field(0...7)].joined(separator: " ")
        let cron = try CronExpression(text)
        let start = Timestamp(seconds: Int64.random(in: 0...4_000_000_000, using: &random))
        let found = cron.next(after: start)
        #expect(found > start && found.seconds % 60 == 0 && cron.matches(found), "\(text), seed \(seed)")
        // A month is enough to see that nothing was passed over.
        var minute = start.seconds / 60 + 1
        let last = min(found.seconds / 60, minute + 44_640)
        while minute < last {
            if cron.matches(Timestamp(seconds: minute * 60)) {
                Issue.record("\(text) matches \(CivilTime(Timestamp(seconds: minute * 60)).text), seed \(seed)")
                return
            }
            minute += 1
        }
    }

    @Test(arguments: 0..<200) func civilTimesAreThoseOfFoundation(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let seconds = Int64.random(in: -5_000_000_000...9_000_000_000, using: &random)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .weekday], from: Date(timeIntervalSince1970: Double(seconds)))
        let time = CivilTime(Timestamp(seconds: seconds))
        #expect(
            [time.year, time.month, time.day, time.hour, time.minute, time.weekday + 1]
                == [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.weekday], "seed \(seed)")
    }

    @Test func theLatestTimeIsTheLastOneThatPassed() throws {
        let hourly = try CronExpression("0 * * * *")
        let noon = try moment("2026-11-23T12:00:00Z")
        #expect(hourly.latest(after: noon, notAfter: try moment("2026-11-23T12:59:59Z")) == nil)
        #expect(hourly.latest(after: try moment("2026-11-23T11:59:59Z"), notAfter: noon) == noon)
        #expect(hourly.latest(after: try moment("2020-01-01T00:00:00Z"), notAfter: noon) == noon)
        let yearly = try CronExpression("@yearly")
        #expect(
            yearly.latest(after: try moment("1999-01-02T00:00:00Z"), notAfter: noon)
                == (try moment("2026-01-01T00:00:00Z")))
        #expect(yearly.latest(after: try moment("2026-01-01T00:00:00Z"), notAfter: noon) == nil)
    }

    @Test(arguments: [
        ("60 * * * *", 0, "the minute 60 is not within 0…59"),
        ("0 25 * * *", 1, "the hour 25 is not within 0…23"),
        ("0 0 0 * *", 2, "the day of the month 0 is not within 1…31"),
        ("0 0 1 foo *", 3, "the month 'foo' is no number or a name such as 'feb'"),
        ("0 0 1 * 8", 4, "the day of the week 8 is not within 0…7"),
        ("0 9-5 * * *", 1, "the hour '9-5' runs backwards"),
        ("*/0 * * * *", 0, "the minute '*/0' has no step of 1 or more behind its '/'"),
        ("1,,2 * * * *", 0, "the minute '' is no number"),
        ("0 0 30 2 *", 2, "no year has such a day"),
    ]) func errorsPointAtTheField(text: String, field: Int, reason: String) throws {
        let error = try #require(throws: CronError.self) { try CronExpression(text) }
        #expect(error.field == field && error.reason == reason, "\(error)")
        let lines = "\(error)".split(separator: "\n")
        #expect(lines.count == 3 && lines[2].contains("^"))
    }

    @Test func whatHasNotFiveFieldsIsRefused() {
        for text in ["", "* * * *", "* * * * * *", "@never"] {
            #expect(throws: CronError.self) { try CronExpression(text) }
        }
    }

    @Test func partsOfATimeFillAPattern() {
        let time = CivilTime(Timestamp(seconds: 1_763_888_640))  // 2025-11-23T09:04:00Z
        #expect(time.text == "2025-11-23T09:04:00Z")
        #expect(time.filling("/posts/%Y/%m/%d/%H%M-100%%-%x%") == "/posts/2025/11/23/0904-100%-%x%")
    }
}
