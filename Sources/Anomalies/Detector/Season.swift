/// How a brand's hours and weekdays differ from its mean, in logarithms for counts and in units for gauges.
///
/// An hour and a weekday add up: 31 numbers can be learned in weeks, the 168 of each hour of the week take months.
struct Season: Equatable, Sendable {
    /// By hour of the day, UTC; the last eight lie idle.
    var hours = SIMD32<Float>.zero
    /// By weekday from Thursday, on which 1970 began; the last lies idle.
    var days = SIMD8<Float>.zero

    /// Factors reach from a thirtieth to thirty times the mean: a brand asleep at night stays above it.
    private static let bound: Float = 3.4
    /// A season is forgotten in about two weeks.
    private static let leastRate: Float = 1 / 14
    /// The seasonless mean weighs as much as three days.
    private static let priorDays: Float = 3

    /// The seasonal term in the middle of a window.
    ///
    /// Hours are blended into each other, as no brand's life has steps.
    func term(start: Int64, grain: Int64) -> Float {
        let middle = start + grain / 2
        let day = Self.weekday(middle)
        guard grain <= 3600 else { return grain < 86_400 ? hours[Self.hour(middle)] + days[day] : days[day] }
        let shifted = middle - 1800
        let hour = Self.hour(shifted)
        let share = Float((shifted % 3600 + 3600) % 3600) / 3600
        return hours[hour] * (1 - share) + hours[(hour + 1) % 24] * share + days[day]
    }

    /// Learns how far the hour, or longer window, that began at `start` lay above what was expected.
    ///
    /// - Parameters:
    ///   - trust: 0 … 1, by how many posts it had.
    ///   - seconds: how long it was.
    mutating func learn(_ error: Float, trust: Float, start: Int64, seconds: Int64, age days: Float) {
        let rate = max(1 / (days + Self.priorDays + 1), Self.leastRate) * trust
        let hour = Self.hour(start)
        let day = Self.weekday(start)
        hours[hour] = (hours[hour] + rate * error).clamped(to: Self.bound)
        // A weekday comes once a week, and has as many hours to learn from as it was cut into.
        let dayRate = max(1 / (days / 7 + 2), 1 / 8) * trust / max(86_400 / Float(seconds), 1)
        self.days[day] = (self.days[day] + dayRate * error).clamped(to: Self.bound)
    }

    private static func hour(_ second: Int64) -> Int { Int((second % 86_400 + 86_400) % 86_400 / 3600) }

    private static func weekday(_ second: Int64) -> Int {
        let day = second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
        return Int((day % 7 + 7) % 7)
    }
}

extension Float {
    /// The nearest number in `-bound ... bound`.
    func clamped(to bound: Float) -> Float { Swift.min(Swift.max(self, -bound), bound) }
}
