internal import Domain

/// The moments at which posts are written, in order: as many in each hour as the schedule says.
struct PostClock {
    struct Moment {
        var milliseconds: Int64
        /// Since the start of the scenario.
        var hour: Int
        var isNewHour: Bool
    }

    private static let hourMilliseconds = 3_600_000

    private let start: Int64
    private let posts: [Int]
    private var hour = -1
    private var index = 0
    /// `2026-11-08`, of the hour's day.
    private var date: [UInt8] = []

    init(start: Int64, posts: [Int]) {
        self.start = start
        self.posts = posts
    }

    mutating func next(_ random: inout Seeded) -> Moment? {
        var isNewHour = false
        while hour < 0 || index >= posts[hour] {
            guard hour + 1 < posts.count else { return nil }
            hour += 1
            index = 0
            isNewHour = true
            let seconds = start / 1_000 + Int64(hour) * 3_600
            if hour % 24 == 0 { date = Array(CivilTime(Timestamp(seconds: seconds)).date.utf8) }
        }
        // Each post lies somewhere in its own equal part of the hour, so the times are in order.
        let offset = (index * Self.hourMilliseconds + random.below(Self.hourMilliseconds)) / posts[hour]
        index += 1
        let milliseconds = start + Int64(hour * Self.hourMilliseconds + offset)
        return Moment(milliseconds: milliseconds, hour: hour, isNewHour: isNewHour)
    }

    /// Writes a moment like `2026-11-08T09:26:53.123Z`.
    ///
    /// The scenario starts at midnight, so the date changes with the hour 0.
    func write(_ moment: Moment, milliseconds: Bool, into writer: inout LineWriter) {
        let rest = Int(moment.milliseconds - start) % Self.hourMilliseconds
        writer.append(date)
        writer.append("T")
        writer.append(number: moment.hour % 24, digits: 2)
        writer.append(":")
        writer.append(number: rest / 60_000, digits: 2)
        writer.append(":")
        writer.append(number: rest / 1_000 % 60, digits: 2)
        if milliseconds {
            writer.append(".")
            writer.append(number: rest % 1_000, digits: 3)
        }
        writer.append("Z")
    }
}
