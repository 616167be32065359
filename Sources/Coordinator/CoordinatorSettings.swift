package import Domain

/// How the coordinator keeps the queues filled.
package struct CoordinatorSettings: Sendable {
    package var lanes: [Lane] = Lane.allCases
    /// Shards waiting or in flight in one lane at most: 1.6 MB of Redis when they wait, 10 MB when all are in flight.
    ///
    /// A bound for the memory. How many wait is decided by how fast they go: see ``WindowSize``.
    package var window = 100_000
    /// Shards sent and not merged over all lanes, at most; `nil` for no limit.
    package var maxInFlight: Int?
    /// Pause between two looks for new work in `live`: half of what a submitted shard waits for on average.
    ///
    /// A look costs one small query.
    package var liveTick = Duration.milliseconds(50)
    /// The same for the other lanes.
    package var tick = Duration.milliseconds(200)
    /// How often a lane is checked for lost data and for retries that are due.
    package var upkeep = Duration.milliseconds(500)
    /// How often the slow sweep asks whether an idle lane owes shards.
    package var sweep = Duration.seconds(5)
    /// How often the leader shows that it lives, and a standby asks for the lead.
    package var election = Duration.milliseconds(500)
    /// How often schedules are looked at.
    package var schedules = Duration.seconds(1)

    package init() {}

    func tick(of lane: Lane) -> Duration { lane == .live ? liveTick : tick }
}
