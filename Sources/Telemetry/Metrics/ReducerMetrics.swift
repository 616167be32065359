internal import CoreMetrics

/// What one reducer does in one lane.
package struct ReducerMetrics: Sendable {
    private let merged: Counter
    private let duplicate: Counter
    private let duration: Timer

    package init(lane: String) {
        merged = RoleMetric.merged.counter(("lane", lane))
        duplicate = RoleMetric.duplicate.counter(("lane", lane))
        duration = RoleMetric.mergeSeconds.timer(("lane", lane))
    }

    package func countMerge(merged: Int, duplicates: Int, took time: Duration) {
        self.merged.increment(by: merged)
        duplicate.increment(by: duplicates)
        duration.recordSeconds(time / .seconds(1))
    }
}
