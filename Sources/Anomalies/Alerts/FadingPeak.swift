/// The memory of the last grave departure, which fades by half in twelve hours.
///
/// What stays below it is the old story: an aftershock opens no alert of its own.
package struct FadingPeak: Equatable, Sendable, Codable {
    private(set) var severity: Float = 0
    private(set) var second: Int64 = 0

    package init() {}

    init(severity: Float, second: Int64) {
        self.severity = severity
        self.second = second
    }

    static let halfLife: Float = 43_200
    /// A departure is news again when its return period has doubled: ln 2 in severity.
    static let step: Float = 0.693_147_2

    /// What is left of the peak.
    func left(at second: Int64) -> Float {
        severity * Elementary.exponential(-Self.step * Float(second - self.second) / Self.halfLife)
    }

    /// Whether a departure is news; it then becomes the peak.
    ///
    /// One that is only somewhat graver than what is left keeps the old story alive but does not raise the bar: else what
    /// grows by small steps would never be told.
    package mutating func isNews(_ severity: Float, at second: Int64) -> Bool {
        let left = left(at: second)
        guard severity > left else { return false }
        let isNews = severity > left + Self.step
        self.severity = isNews ? severity : min(severity, self.severity)
        self.second = second
        return isNews
    }
}
