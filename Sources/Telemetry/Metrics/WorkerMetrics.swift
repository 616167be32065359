internal import CoreMetrics

/// What one worker does in one lane.
///
/// All are made at once, so that they show 0 before the first event: a rate needs the step from 0 to 1.
package struct WorkerMetrics: Sendable {
    private let claimed: Counter
    private let reclaimed: Counter
    private let started: Counter
    private let finished: Counter
    private let handedBack: Counter
    private let refused: Counter
    private let leasesLost: Counter
    private let lane: String

    package init(lane: String) {
        self.lane = lane
        claimed = RoleMetric.claimed.counter(("lane", lane))
        reclaimed = RoleMetric.reclaimed.counter(("lane", lane))
        started = RoleMetric.started.counter(("lane", lane))
        finished = RoleMetric.finished.counter(("lane", lane))
        handedBack = RoleMetric.handedBack.counter(("lane", lane))
        refused = RoleMetric.refused.counter(("lane", lane))
        leasesLost = RoleMetric.leasesLost.counter(("lane", lane))
    }

    package func countClaimed(_ count: Int) { claimed.increment(by: count) }
    package func countReclaimed(_ count: Int) { reclaimed.increment(by: count) }
    package func countStarted() { started.increment() }
    package func countFinished(_ count: Int) { finished.increment(by: count) }
    package func countHandedBack(_ count: Int) { handedBack.increment(by: count) }
    package func countRefused(_ count: Int) { refused.increment(by: count) }
    package func countLeasesLost(_ count: Int) { leasesLost.increment(by: count) }

    /// - Parameter kind: the class of the error: one of a few words.
    package func countFailed(_ kind: String) {
        RoleMetric.failed.counter(("class", kind), ("lane", lane)).increment()
    }
}
