internal import CoreMetrics

/// How much inference the cache of readings spares, for all lanes of a worker together.
package struct ReadingMetrics: Sendable {
    private let hits: Counter
    private let misses: Counter
    private let bytes: Meter

    package init() {
        hits = RoleMetric.cacheHits.counter()
        misses = RoleMetric.cacheMisses.counter()
        bytes = RoleMetric.cacheBytes.gauge()
    }

    package func count(hits: Int, misses: Int, bytes: Int) {
        self.hits.increment(by: hits)
        self.misses.increment(by: misses)
        self.bytes.set(bytes)
    }
}
