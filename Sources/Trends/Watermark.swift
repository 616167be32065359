package import Domain

/// The time before which no more posts are expected: windows behind it are closed.
///
/// Each source tells the latest post time that it reached. The watermark is the slowest living source's time less the
/// lateness that is waited for. A source that says nothing for a while is passed over, so that one dead feed does not hold
/// all windows open; when all are silent, time goes on by the clock, so that silence itself can be noticed. A value: the
/// clock is passed in.
///
/// Laws: time never goes back; the order in which sources report does not matter; a window goes from open to closed to
/// final and never back.
///
/// Source: T. Akidau and others, "The Dataflow Model", VLDB 2015.
package struct Watermark: Equatable, Sendable {
    /// How a window stands.
    package enum Standing: Int, Comparable, Sendable {
        /// Posts are still expected.
        case open
        /// Counted and reported; a late post still counts and makes a revision.
        case closed
        /// A later post counts, but revises nothing that was said of the window.
        case final

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Source: Equatable {
        var latest: Timestamp
        var heardAt: Timestamp
    }

    /// How long after its end a window stays open, in milliseconds.
    private let lateness: Int64
    /// How long after its end a window may be revised, in milliseconds; not below `lateness`.
    private let horizon: Int64
    /// A source silent for longer than this holds nothing back, in milliseconds.
    private let silence: Int64
    /// Bounded by the sources of one job.
    private var sources: [Int: Source] = [:]
    /// The slowest living source's time, before lateness; `nil` until the first report.
    package private(set) var reached: Timestamp?

    /// - Parameter reached: what was reached before, where a watermark goes on that was kept.
    package init(lateness: Duration, horizon: Duration, silence: Duration, reached: Timestamp? = nil) {
        precondition(
            .zero <= lateness && lateness <= horizon && .zero < silence,
            "lateness \(lateness) must lie between 0 and the horizon \(horizon), silence \(silence) above 0")
        self.lateness = lateness.milliseconds
        self.horizon = horizon.milliseconds
        self.silence = silence.milliseconds
        self.reached = reached
    }

    /// A source read posts up to `latest`.
    ///
    /// A report of an earlier time changes nothing but that the source lives.
    package mutating func report(_ source: Int, reached latest: Timestamp, at now: Timestamp) {
        let known = sources[source]
        sources[source] = Source(
            latest: max(latest, known?.latest ?? latest), heardAt: max(now, known?.heardAt ?? now))
    }

    /// A source came to its end and holds nothing back any more.
    package mutating func end(_ source: Int) { sources[source] = nil }

    /// Moves on to what the living sources allow at this moment.
    package mutating func advance(at now: Timestamp) {
        guard !sources.isEmpty else { return }
        let living = sources.values.filter { now.milliseconds - $0.heardAt.milliseconds <= silence }
        let slowest = living.map(\.latest).min() ?? Timestamp(milliseconds: now.milliseconds - silence)
        reached = max(slowest, reached ?? slowest)
    }

    /// The watermark; `nil` until the first source was heard.
    package var time: Timestamp? { reached.map { Timestamp(milliseconds: $0.milliseconds - lateness) } }

    /// How the window of this grain that begins at `start` (seconds since 1970) stands.
    package func standing(of start: Int64, grain: Grain) -> Standing {
        guard let reached else { return .open }
        let since = reached.milliseconds - (start + grain.seconds) * 1000
        if since >= horizon { return .final }
        return since >= lateness ? .closed : .open
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
