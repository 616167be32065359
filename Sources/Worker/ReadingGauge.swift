internal import Readings
internal import Telemetry

/// Shows in the process's metrics what its cache of readings spares.
struct ReadingGauge: Sendable {
    private let cache: ReadingCache
    private let metrics = ReadingMetrics()

    init(cache: ReadingCache) { self.cache = cache }

    /// Call now and then: what was asked since the last call is added.
    func show() {
        let counts = cache.takeCounts()
        metrics.count(hits: counts.hits, misses: counts.misses, bytes: cache.bytes)
    }
}
