/// The length of a trend window.
package enum Grain: UInt8, CaseIterable, Sendable, Hashable {
    case minute = 0
    case hour = 1
    case day = 2

    package var seconds: Int64 {
        switch self {
        case .minute: 60
        case .hour: 3600
        case .day: 86_400
        }
    }

    package var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .day: "day"
        }
    }

    package init?(name: some StringProtocol) {
        guard let grain = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = grain
    }

    /// The start, in seconds since 1970, of the window `[start, start + seconds)` that holds `moment`.
    package func start(of moment: Timestamp) -> Int64 {
        let second = moment.seconds
        let remainder = second % seconds
        return remainder >= 0 ? second - remainder : second - remainder - seconds
    }
}
