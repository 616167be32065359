/// How much of a lane a job may have next to others.
package struct JobShare: Equatable, Sendable {
    /// Shares next to the jobs of the same priority, at least 1.
    package var weight: Int
    /// Jobs of a higher priority are served first, and alone while they have work; -100 to 100.
    package var priority: Int
    /// Shards sent and neither merged, dead nor waiting for another try, at most; `nil` for no limit.
    package var maxInFlight: Int?
    /// Shards a second sent of each source, at most; `nil` for no limit.
    package var sourceRate: Double?

    package static let priorities = -100...100

    package init(weight: Int = 1, priority: Int = 0, maxInFlight: Int? = nil, sourceRate: Double? = nil) {
        self.weight = weight
        self.priority = priority
        self.maxInFlight = maxInFlight
        self.sourceRate = sourceRate
    }
}
