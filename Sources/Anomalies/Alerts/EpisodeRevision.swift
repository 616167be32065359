/// What late data did to episodes that were already told.
///
/// The owner of a series goes back to the state before the late window, replays from there, and compares.
package enum EpisodeRevision: Equatable, Sendable {
    /// The late data made an episode that was not there.
    case added(Episode)
    /// It stands, with other figures.
    case revised(from: Episode, to: Episode)
    /// It is gone: the alert is marked, never deleted.
    case withdrawn(Episode)

    /// The differences in order of time.
    ///
    /// An old and a new episode are the same when they start together, or when they overlap and have no other partner:
    /// a late window often moves the beginning by one.
    package static func between(_ old: [Episode], _ new: [Episode]) -> [Self] {
        var unmatched = new
        var revisions: [Self] = []
        for episode in old {
            let partner =
                unmatched.firstIndex { $0.start == episode.start }
                ?? unmatched.firstIndex {
                    $0.start < episode.end && episode.start < $0.end && $0.isDrop == episode.isDrop
                }
            if let partner {
                let found = unmatched.remove(at: partner)
                if found != episode { revisions.append(.revised(from: episode, to: found)) }
            } else {
                revisions.append(.withdrawn(episode))
            }
        }
        revisions += unmatched.map(Self.added)
        return revisions.sorted { $0.start < $1.start }
    }

    private var start: Int64 {
        switch self {
        case .added(let episode), .withdrawn(let episode), .revised(let episode, _): episode.start
        }
    }
}
