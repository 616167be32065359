package import Domain
internal import Foundation

/// Hours of the day in which nobody wants to be told, by the clocks of a place.
///
/// From `from` to `to`; over midnight where `to` is not later. Clocks that are put forward or back are followed: an hour
/// that comes twice is quiet twice, and a time that is skipped is the one as long after the jump.
package struct QuietHours: Equatable, Sendable {
    /// Why these are no hours.
    package struct Problem: Error, Equatable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Minutes of the day; `to` may be 1440.
    private let from: Int64
    private let to: Int64
    private let zone: TimeZone
    /// Days on which quiet hours begin, Sunday 0.
    private let days: Set<Int>

    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    private static let day: Int64 = 86_400

    /// - Parameters:
    ///   - from: such as `22:00`.
    ///   - to: such as `07:00`, or `24:00`.
    ///   - zone: such as `Europe/Berlin` or `UTC`.
    ///   - days: on which they begin, such as `mon`; none for every day.
    package init(from: String, to: String, zone: String, days: [String] = []) throws(Problem) {
        guard let start = Self.minutes(from), start < 1440 else {
            throw Problem(description: "'\(from.prefix(40))' is no time of day, such as 22:00")
        }
        guard let end = Self.minutes(to) else {
            throw Problem(description: "'\(to.prefix(40))' is no time of day, such as 07:00")
        }
        guard start != end else { throw Problem(description: "quiet hours from \(from) to \(to) have no end") }
        guard let zone = TimeZone(identifier: zone) else {
            throw Problem(description: "'\(zone.prefix(40))' is no time zone, such as Europe/Berlin or UTC")
        }
        var numbers: Set<Int> = []
        for name in days {
            guard let number = Self.dayNames.firstIndex(of: name.lowercased()) else {
                throw Problem(
                    description: "'\(name.prefix(40))' is no day: \(Self.dayNames.joined(separator: ", "))")
            }
            numbers.insert(number)
        }
        self.from = start
        self.to = end
        self.zone = zone
        self.days = numbers.isEmpty ? Set(0..<7) : numbers
        guard (start, end) != (0, 1440) || self.days.count < 7 else {
            throw Problem(description: "quiet hours all day, every day, have no end")
        }
    }

    /// When the quiet hours that hold this moment are over; `nil` when it is not in any.
    package func end(of moment: Timestamp) -> Timestamp? {
        var seconds = moment.seconds
        // Quiet days in a row, of which there are less than seven, end together.
        for _ in 0..<8 {
            guard let end = endOfSpan(holding: seconds) else { break }
            seconds = end
        }
        return seconds == moment.seconds ? nil : Timestamp(seconds: seconds)
    }

    private func endOfSpan(holding seconds: Int64) -> Int64? {
        let local = seconds + offset(at: seconds)
        let today = local >= 0 ? local / Self.day : -((Self.day - 1 - local) / Self.day)
        for day in [today - 1, today] where days.contains(Int(((day + 4) % 7 + 7) % 7)) {
            let start = instants(day * Self.day + from * 60).lowerBound
            let end = instants((to > from ? day : day + 1) * Self.day + to * 60).upperBound
            if start <= seconds, seconds < end { return end }
        }
        return nil
    }

    /// When the clocks of the zone show a time: the first and the last moment, which differ where they are put back.
    private func instants(_ local: Int64) -> ClosedRange<Int64> {
        let before = offset(at: local - Self.day)
        let after = offset(at: local + Self.day)
        let fitting = [before, after].map { local - $0 }.filter { $0 + offset(at: $0) == local }
        guard let first = fitting.min(), let last = fitting.max() else { return (local - before)...(local - before) }
        return first...last
    }

    /// Seconds east of UTC.
    private func offset(at seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }

    private static func minutes(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int64(parts[0]), let minute = Int64(parts[1]), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }
}
