package import Domain

/// The Redis keys of one lane.
///
/// All share one hash tag, so that they live on one node of a Redis Cluster and a script may touch them together.
package struct LaneKeys: Equatable, Sendable {
    /// Stream of shard ids to run: one entry is the field `s` with the id in big-endian bytes.
    package let ready: String
    /// Stream of results that wait for a reducer.
    package let done: String
    /// Which filling of the lane this is, and which run of the server took it: lost together with the data.
    package let generation: String
    /// Present while the last look for expired leases is recent.
    package let readySweep: String
    /// The same for results that a reducer took and did not merge.
    package let doneSweep: String

    /// - Parameter namespace: Lets several installations or tests share one server.
    package init(_ lane: Lane, namespace: String = "gs") {
        let prefix = "\(namespace):{\(lane.rawValue)}:"
        ready = prefix + "ready"
        done = prefix + "done"
        generation = prefix + "generation"
        readySweep = prefix + "ready:sweep"
        doneSweep = prefix + "done:sweep"
    }
}
