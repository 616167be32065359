/// What kind of series is watched: all that the detector needs to know beyond its numbers.
package struct SeriesProfile: Hashable, Sendable {
    /// How the numbers come about.
    package enum Kind: String, Sendable {
        /// How many things happened in a window: mentions, authors, engagement.
        case count
        /// A level that has a value at any time: a share, a net sentiment.
        case gauge
    }

    /// Which departures matter.
    package enum Direction: String, Sendable {
        case up
        case down
        case both
    }

    package var kind: Kind
    package var direction: Direction
    /// The length of a window in seconds.
    package var grain: Int64

    package init(kind: Kind, direction: Direction, grain: Int64) {
        precondition(grain > 0, "windows of \(grain) seconds")
        self.kind = kind
        self.direction = direction
        self.grain = grain
    }

    /// Half a day, the shortest time over which maxima are compared; coarse windows take as many as eight together.
    package var blockSeconds: Int64 { max(43_200, 8 * grain) }
}
