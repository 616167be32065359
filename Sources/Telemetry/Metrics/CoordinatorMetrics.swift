internal import CoreMetrics

/// How one lane stands, as its coordinator sees it; a standby shows its last look.
package struct CoordinatorMetrics: Sendable {
    private let generations: Counter
    private let waiting: Meter
    private let inFlight: Meter
    private let results: Meter

    package init(lane: String) {
        generations = RoleMetric.generations.counter(("lane", lane))
        waiting = RoleMetric.waiting.gauge(("lane", lane))
        inFlight = RoleMetric.inFlight.gauge(("lane", lane))
        results = RoleMetric.results.gauge(("lane", lane))
    }

    package func countGeneration() { generations.increment() }

    package func show(waiting: Int, inFlight: Int, results: Int) {
        self.waiting.set(waiting)
        self.inFlight.set(inFlight)
        self.results.set(results)
    }
}
