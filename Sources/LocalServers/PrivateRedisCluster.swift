import Foundation
import Glibc

/// A Redis Cluster of our own on free ports of 127.0.0.1: primaries, each with a replica that takes over when it dies.
///
/// Any user of this machine reaches it: for tests. Calls block; starting takes some seconds.
package final class PrivateRedisCluster: Sendable {
    /// Longest wait for the nodes to agree.
    private static let patience = Duration.seconds(60)

    package let primaries: [PrivateRedis]
    /// Those of `primaries`, in the same order.
    package let replicas: [PrivateRedis]

    package var nodes: [PrivateRedis] { primaries + replicas }

    /// `redis://127.0.0.1:port,127.0.0.1:port,…/?cluster=true` with every node.
    package var url: String {
        "redis://\(nodes.compactMap(\.port).map { "127.0.0.1:\($0)" }.joined(separator: ","))/?cluster=true"
    }

    private init(primaries: [PrivateRedis], replicas: [PrivateRedis]) {
        self.primaries = primaries
        self.replicas = replicas
    }

    /// Starts the nodes in folders below `folder`, and waits until all slots are served and all replicas are in step.
    package static func start(
        in folder: String, primaries count: Int = 3
    ) throws(LocalServerError) -> PrivateRedisCluster {
        var settings = PrivateRedis.Settings()
        settings.isClusterNode = true
        var nodes: [PrivateRedis] = []
        for number in 0..<(2 * count) {
            nodes.append(try PrivateRedis.start(in: "\(folder)/node-\(number)", settings: settings))
        }
        let cluster = PrivateRedisCluster(primaries: Array(nodes[..<count]), replicas: Array(nodes[count...]))
        try cluster.join()
        return cluster
    }

    package func kill() { for node in nodes { node.kill() } }

    private func join() throws(LocalServerError) {
        for (number, node) in primaries.enumerated() {
            let slots = range(of: number)
            // Different from the start, or the nodes would first have to settle whose word counts.
            try order("CLUSTER SET-CONFIG-EPOCH \(number + 1)", to: node)
            try order("CLUSTER ADDSLOTSRANGE \(slots.lowerBound) \(slots.upperBound - 1)", to: node)
        }
        for node in nodes.dropFirst() {
            try order("CLUSTER MEET 127.0.0.1 \(node.port ?? 0) \(node.busPort ?? 0)", to: nodes[0])
        }
        try wait("did not meet") { cluster in
            cluster.nodes.allSatisfy { $0.says("cluster_known_nodes:\(cluster.nodes.count)", to: "CLUSTER INFO") }
        }
        for (primary, replica) in zip(primaries, replicas) {
            try order("CLUSTER REPLICATE \(primary.nodeIdentifier)", to: replica)
        }
        try wait("did not agree") { cluster in
            cluster.replicas.allSatisfy { $0.says("master_link_status:up", to: "INFO replication") }
                && cluster.nodes.allSatisfy { node in
                    node.says("cluster_state:ok", to: "CLUSTER INFO")
                        && node.count(of: "slave ", in: "CLUSTER NODES") == cluster.replicas.count
                }
        }
    }

    /// The slots of a primary at the start: equal shares.
    func range(of primary: Int) -> Range<Int> {
        (primary * 16_384 / primaries.count)..<((primary + 1) * 16_384 / primaries.count)
    }

    func order(_ command: String, to node: PrivateRedis) throws(LocalServerError) {
        let answer = node.ask(command)
        guard answer?.hasPrefix("+OK") == true else {
            throw .notReady(
                server: "Redis", reason: "answered \(answer ?? "nothing") to \(command)",
                log: TextFile.tail(node.logFile))
        }
    }

    private func wait(
        _ failure: String, until condition: (PrivateRedisCluster) -> Bool
    ) throws(LocalServerError) {
        let deadline = ContinuousClock.now + Self.patience
        while !condition(self) {
            guard ContinuousClock.now < deadline else {
                throw .notReady(
                    server: "The Redis Cluster", reason: "\(failure) in time", log: TextFile.tail(nodes[0].logFile))
            }
            usleep(20_000)
        }
    }
}

extension PrivateRedis {
    fileprivate func says(_ fact: String, to command: String) -> Bool { count(of: fact, in: command) > 0 }

    fileprivate func count(of fact: String, in command: String) -> Int {
        ask(command).map { $0.components(separatedBy: fact).count - 1 } ?? 0
    }
}
