/// A slot on its way from one primary to another, step by step as an operator's tools do it.
package struct SlotMove: Sendable {
    private let cluster: PrivateRedisCluster
    private let slot: Int
    private let source: PrivateRedis
    private let target: PrivateRedis

    /// Tells both primaries of the move: from now on what is missing at the source is asked for at the target.
    ///
    /// For a cluster as it was started, before any primary was lost.
    package init(ofKey key: String, in cluster: PrivateRedisCluster) throws(LocalServerError) {
        self.cluster = cluster
        slot = try cluster.slot(of: key)
        let source = cluster.primary(ofSlot: slot)
        self.source = source
        let at = cluster.primaries.firstIndex { $0 === source } ?? 0
        target = cluster.primaries[(at + 1) % cluster.primaries.count]
        try cluster.order("CLUSTER SETSLOT \(slot) IMPORTING \(source.nodeIdentifier)", to: target)
        try cluster.order("CLUSTER SETSLOT \(slot) MIGRATING \(target.nodeIdentifier)", to: source)
    }

    /// Carries up to `count` keys over; returns how many there were.
    package func carry(_ count: Int) throws(LocalServerError) -> Int {
        let keys = source.words(of: "CLUSTER GETKEYSINSLOT \(slot) \(count)")
        for key in keys { try cluster.order("MIGRATE 127.0.0.1 \(target.port ?? 0) \(key) 0 5000", to: source) }
        return keys.count
    }

    /// Carries the rest over and tells every primary who has the slot now.
    package func finish() throws(LocalServerError) {
        while try carry(100) > 0 {}
        for node in [target, source] + cluster.primaries.filter({ $0 !== target && $0 !== source }) {
            try cluster.order("CLUSTER SETSLOT \(slot) NODE \(target.nodeIdentifier)", to: node)
        }
    }
}

extension PrivateRedisCluster {
    /// The slot of a key, as the server counts it.
    package func slot(of key: String) throws(LocalServerError) -> Int {
        let answer = primaries[0].ask("CLUSTER KEYSLOT \(key)")?.split(whereSeparator: \.isNewline).first?.dropFirst()
        guard let slot = answer.flatMap({ Int($0) }) else {
            throw .invalidSettings(reason: "The server gave no slot for \(key).")
        }
        return slot
    }

    /// The primary that was given a slot at the start.
    package func primary(ofSlot slot: Int) -> PrivateRedis {
        primaries[primaries.indices.last { range(of: $0).contains(slot) } ?? 0]
    }
}

extension PrivateRedis {
    /// The words of a reply that is a word or a list of them.
    fileprivate func words(of command: String) -> [String] {
        let lines = ask(command)?.split(whereSeparator: \.isNewline) ?? []
        return lines.filter { $0.first != "*" && $0.first != "$" }.map(String.init)
    }

    /// The name by which the nodes of a cluster know each other.
    var nodeIdentifier: String { words(of: "CLUSTER MYID").first ?? "" }
}
