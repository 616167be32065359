internal import Domain

/// Round moments along the time axis, in UTC.
struct TimeTicks: Equatable, Sendable {
    struct Tick: Equatable, Sendable {
        /// Seconds since 1970.
        var moment: Int64
        var label: String
    }

    let ticks: [Tick]

    /// How far apart ticks lie.
    enum Step: Equatable, Sendable {
        /// Whole minutes to days; weeks begin on Monday.
        case seconds(Int64)
        case months(Int)

        var length: Int64 {
            switch self {
            case .seconds(let seconds): seconds
            case .months(let months): Int64(months) * 28 * 86_400
            }
        }
    }

    private static let steps: [Step] =
        [60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600].map(
            Step.seconds) + [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200].map(Step.months)

    /// - Parameter count: ticks at most.
    init(from start: Int64, to end: Int64, count: Int) {
        let length = max(end - start, 1)
        let step = Self.steps.first { length / $0.length < Int64(max(count, 1)) } ?? .months(12_000)
        var ticks: [Tick] = []
        var moment = Self.first(start, step)
        while moment <= end, ticks.count < 1000 {
            ticks.append(Tick(moment: moment, label: Self.label(moment, step)))
            moment = Self.next(moment, step)
        }
        self.ticks = ticks
    }

    /// The first round moment that is not before `start`.
    private static func first(_ start: Int64, _ step: Step) -> Int64 {
        switch step {
        case .seconds(let seconds):
            // 1970 began on a Thursday, four days before a Monday.
            let monday: Int64 = seconds > 86_400 ? 4 * 86_400 : 0
            let past = start - monday
            let remainder = ((past % seconds) + seconds) % seconds
            return remainder == 0 ? start : start - remainder + seconds
        case .months(let months):
            var moment = monthStart(start)
            if moment < start { moment = monthStart(moment + 32 * 86_400) }
            for _ in 0..<12_000 {
                let time = CivilTime(Timestamp(seconds: moment))
                if (time.year * 12 + time.month - 1) % months == 0 { break }
                moment = monthStart(moment + 32 * 86_400)
            }
            return moment
        }
    }

    private static func next(_ moment: Int64, _ step: Step) -> Int64 {
        switch step {
        case .seconds(let seconds): moment + seconds
        // A month past the middle of the last month on the way.
        case .months(let months): monthStart(moment + Int64(Double(months) * 30.436_875 * 86_400) + 10 * 86_400)
        }
    }

    private static func monthStart(_ moment: Int64) -> Int64 {
        let day = moment >= 0 ? moment / 86_400 : (moment - 86_399) / 86_400
        return (day - Int64(CivilTime(Timestamp(seconds: moment)).day - 1)) * 86_400
    }

    private static func label(_ moment: Int64, _ step: Step) -> String {
        let time = CivilTime(Timestamp(seconds: moment))
        switch step {
        case .seconds(let seconds) where seconds < 86_400 && time.hour * 60 + time.minute > 0:
            return ChartTime.clock(time)
        case .seconds: return "\(time.day) \(ChartTime.months[time.month - 1])"
        case .months(let months) where months < 12 && time.month > 1: return ChartTime.months[time.month - 1]
        case .months: return String(time.year)
        }
    }
}

/// Moments as charts write them, in UTC.
enum ChartTime {
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `2026-11-23`, or `2026-11-23 08:30` within a day.
    static func text(_ second: Int64) -> String {
        let time = CivilTime(Timestamp(seconds: second))
        return time.hour == 0 && time.minute == 0 ? time.date : moment(second)
    }

    /// `2026-11-23 08:30`.
    static func moment(_ second: Int64) -> String {
        let time = CivilTime(Timestamp(seconds: second))
        return "\(time.date) \(clock(time))"
    }

    static func clock(_ time: CivilTime) -> String {
        (time.hour < 10 ? "0" : "") + "\(time.hour)" + (time.minute < 10 ? ":0" : ":") + "\(time.minute)"
    }
}
