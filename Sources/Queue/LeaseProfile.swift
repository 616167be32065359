/// How long a lease lasts and how often it is looked after.
///
/// A shard whose worker dies runs again within `term` and one `sweep`.
package struct LeaseProfile: Equatable, Sendable {
    /// A lease not renewed for this long may be taken over.
    package let term: Duration
    /// How often a worker renews its leases: several times within a term, so that one lost beat costs nothing.
    package let beat: Duration
    /// How often somebody looks for expired leases.
    package let sweep: Duration

    package init(term: Duration, beat: Duration, sweep: Duration) {
        precondition(
            .zero < sweep && .zero < beat && beat * 2 < term,
            "a lease of \(term) needs at least two beats, not one every \(beat), and a sweep above 0, not \(sweep)")
        self.term = term
        self.beat = beat
        self.sweep = sweep
    }

    /// A dead worker's shards run again within 17 s.
    package static let standard = Self(term: .seconds(15), beat: .seconds(5), sweep: .seconds(2))
    /// A dead worker's shards run again within 4 s, for tests and small clusters: a paused worker loses its leases sooner.
    package static let fast = Self(term: .seconds(3), beat: .seconds(1), sweep: .milliseconds(500))
}
