import ArgumentParser
import Domain
import Foundation

/// A moment as users write it: `2026-11-23`, or RFC 3339 such as `2026-11-23T08:30:00Z`.
struct Moment: ExpressibleByArgument {
    let timestamp: Timestamp

    init?(argument: String) {
        let day = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
        guard
            let date = try? argument.contains("T")
                ? Date(argument, strategy: .iso8601) : Date(argument, strategy: day)
        else { return nil }
        timestamp = Timestamp(seconds: Int64(date.timeIntervalSince1970.rounded(.down)))
    }
}

extension Figures {
    /// RFC 3339 in UTC, or the date alone for windows of a day.
    static func time(_ moment: Timestamp, grain: Grain) -> String {
        let date = Date(timeIntervalSince1970: Double(moment.seconds))
        let style = Date.ISO8601FormatStyle(timeZone: .gmt)
        return grain == .day ? date.formatted(style.year().month().day()) : date.formatted(style)
    }
}

extension Grain: ExpressibleByArgument {
    package init?(argument: String) { self.init(name: argument) }
    package static var allValueStrings: [String] { allCases.map(\.name) }
    package var defaultValueDescription: String { name }
}
