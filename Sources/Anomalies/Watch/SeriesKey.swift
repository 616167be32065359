package import Domain

/// Which of a brand's series: a metric, on one platform or on all together.
package struct SeriesKey: Hashable, Sendable {
    /// `nil` for all together.
    package var platform: Platform?
    package var metric: SeriesMetric

    package init(platform: Platform?, metric: SeriesMetric) {
        self.platform = platform
        self.metric = metric
    }
}

/// The closed windows of a brand, by their start: on all platforms together, and where asked for on each.
package struct WatchedWindows: Sendable {
    package var together: [Int64: WindowTotals]
    package var platforms: [Platform: [Int64: WindowTotals]]

    package init(together: [Int64: WindowTotals], platforms: [Platform: [Int64: WindowTotals]] = [:]) {
        self.together = together
        self.platforms = platforms
    }

    subscript(platform: Platform?) -> [Int64: WindowTotals] {
        guard let platform else { return together }
        return platforms[platform] ?? [:]
    }
}
