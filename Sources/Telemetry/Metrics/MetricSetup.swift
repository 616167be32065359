internal import CoreMetrics

/// Sets up the process's metrics.
package enum MetricSetup {
    /// Call once, before the first metric is made.
    ///
    /// - Returns: where the health endpoint finds them.
    package static func start() -> MetricRegistry {
        let names = RoleMetric.allCases.map { ($0.rawValue, $0.help) }
        let registry = MetricRegistry(help: Dictionary(uniqueKeysWithValues: names))
        MetricsSystem.bootstrap(registry)
        return registry
    }
}
