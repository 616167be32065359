package import Domain

/// How the coordinator keeps the queues filled.
package struct CoordinatorSettings: Sendable {
    package var lanes: [Lane] = [.live, .bulk]
    /// Shards waiting or in flight in one lane at most: 1.6 MB of Redis when they wait, 10 MB when all are in flight.
    package var window = 100_000
    /// Pause between two rounds while there is work.
    ///
    /// A round costs a few commands and queries.
    package var tick = Duration.milliseconds(200)
    /// How often the slow sweep asks whether an idle lane owes shards.
    package var sweep = Duration.seconds(5)
    /// How often a standby asks for the lead.
    package var election = Duration.seconds(1)

    package init() {}
}
