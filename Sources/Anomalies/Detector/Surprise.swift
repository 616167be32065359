/// What the detector says of one window.
package struct Surprise: Equatable, Sendable {
    /// ln of the return period in days: once in how many days this series departs so far.
    ///
    /// `-infinity` while the series is too young to tell.
    package var logReturnDays: Float
    /// Whether the value lies below what was expected.
    package var isDrop: Bool
    /// The mean that both halves expected.
    package var expected: Float
    /// One deviation of a value about it, by both halves.
    package var deviation: Float

    package init(logReturnDays: Float, isDrop: Bool, expected: Float, deviation: Float) {
        self.logReturnDays = logReturnDays
        self.isDrop = isDrop
        self.expected = expected
        self.deviation = deviation
    }

    /// Whether the window itself is out of the ordinary, by two deviations in the direction of the surprise.
    ///
    /// Long spans remember a burst for half a day after its end; the windows since then are no part of it.
    func isBeyond(_ value: Float) -> Bool {
        isDrop ? value < expected - 2 * deviation : value > expected + 2 * deviation
    }

    /// Once in so many days.
    package var returnDays: Double { Double(Elementary.exponential(logReturnDays)) }
}
