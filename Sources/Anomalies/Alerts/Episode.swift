/// One departure of a series from first to last: what an alert is about.
///
/// Unique by its series and `start`.
package struct Episode: Equatable, Sendable, Codable {
    /// Where it stands in its life.
    package enum Stage: String, Sendable, CaseIterable, Codable {
        /// It has begun.
        case open
        /// It has become graver since, or has flared up again.
        case growing
        /// It has been below its peak for an hour or more.
        case peaked
        /// It has been quiet for hours, and is over.
        case closed
    }

    /// The first window that was worth an alert, in seconds since 1970.
    package var start: Int64
    /// The end of the last window that was itself beyond the ordinary.
    package var end: Int64
    package var stage = Stage.open
    package var isDrop: Bool
    /// The gravest window.
    package var peak: Int64
    /// The last window that was news: the first one, or one that was graver by a doubled return period than what was left
    /// of those before.
    package var news: Int64
    package var peakLogReturnDays: Float
    package var peakValue: Float
    /// Sums of values and expectations from `start` to `end`.
    package var value: Float
    package var expected: Float
    /// How many windows the sums are of: those that had a value.
    package var windows: Float = 1

    /// What the series has had above what was expected, below zero for a drop.
    package var excess: Float { value - expected }
    package var severity: Float { Severity.of(logReturnDays: peakLogReturnDays) }
}
