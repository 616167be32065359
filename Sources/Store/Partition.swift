internal import Domain

/// A table that holds the rollups or terms of a stretch of time: names are as `gw.ensure_partition` makes them.
struct Partition: Hashable, Comparable, Sendable {
    enum Family: Int, Sendable {
        case minutes, hours, days, terms

        init(_ grain: Grain) {
            switch grain {
            case .minute: self = .minutes
            case .hour: self = .hours
            case .day: self = .days
            }
        }

        var table: String {
            switch self {
            case .minutes: "rollup_minute"
            case .hours: "rollup_hour"
            case .days: "rollup_day"
            case .terms: "term"
            }
        }
    }

    let family: Family
    /// Months since the year 0, or years; the ends of `Int` for the times before 2000 and from 2100 on.
    private let period: Int

    init(_ family: Family, start: Int64) {
        self.family = family
        if family == .days {
            period = 0
        } else if start < Self.year2000 {
            period = Int.min
        } else if start >= Self.year2100 {
            period = Int.max
        } else {
            let time = CivilTime(Timestamp(seconds: start))
            period = family == .hours ? time.year : time.year * 12 + time.month - 1
        }
    }

    private static let year2000: Int64 = 946_684_800
    private static let year2100: Int64 = 4_102_444_800

    /// Name in schema `gw`.
    var table: String {
        switch (family, period) {
        case (.days, _): return family.table
        case (_, Int.min): return family.table + "_early"
        case (_, Int.max): return family.table + "_late"
        case (.hours, let year): return "\(family.table)_\(year)"
        case (_, let months):
            let month = months % 12 + 1
            return "\(family.table)_\(months / 12)_\(month < 10 ? "0" : "")\(month)"
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.family.rawValue, left.period) < (right.family.rawValue, right.period)
    }
}
