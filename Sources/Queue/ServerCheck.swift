import Redis

/// Whether a Redis server may carry the queue, judged from what it says about itself.
struct ServerCheck: Equatable, Sendable {
    /// What forbids its use, with the remedy.
    private(set) var refusals: [String] = []
    /// What makes it weaker.
    private(set) var warnings: [String] = []

    /// - Parameters:
    ///   - info: The reply to `INFO`: lines of `name:value`.
    ///   - isCluster: Whether the URL says that the server is a node of a cluster.
    init(info: String, isCluster: Bool = false) {
        var facts: [Substring: Substring] = [:]
        for line in info.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { facts[parts[0]] = parts[1] }
        }
        judge(version: facts["redis_version"] ?? "unknown")
        judge(policy: facts["maxmemory_policy"] ?? "unknown")
        if facts["aof_enabled"] == "0" {
            warnings.append(
                "Redis keeps no append-only file: after its restart all shards in flight run again; "
                    + "set “appendonly yes” in redis.conf to keep them")
        }
        if facts["cluster_enabled"] == "1", !isCluster {
            refusals.append("it is a node of a Redis Cluster; add ?cluster=true to the Redis URL")
        }
        if facts["role"] == "slave" { refusals.append("it is a replica; point the URL at the primary") }
    }

    private mutating func judge(version: Substring) {
        guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), major >= 7 else {
            refusals.append("its version is \(version), but Redis 7.0 or later is needed")
            return
        }
    }

    private mutating func judge(policy: Substring) {
        guard policy != "noeviction" else { return }
        refusals.append(
            "its maxmemory-policy is “\(policy)”, which may throw waiting work away; "
                + "run “redis-cli CONFIG SET maxmemory-policy noeviction” and set it in redis.conf too")
    }
}

extension LaneQueue {
    /// Makes sure that the server, or each primary of the cluster, may carry the queue; returns what makes it weaker.
    ///
    /// - Throws: `.unsuitableServer`, whose text says how to mend it.
    package func checkServer() async throws(QueueError) -> [String] {
        let replies: [RedisValue]
        do {
            replies = try await redis.sendToEachPrimary(RedisCommand("INFO"))
        } catch {
            throw QueueError(error)
        }
        var warnings: [String] = []
        for reply in replies {
            guard let info = reply.text else { throw .unexpectedReply("INFO") }
            let check = ServerCheck(info: info, isCluster: redis.url.isCluster)
            guard check.refusals.isEmpty else { throw .unsuitableServer(check.refusals.joined(separator: "; ")) }
            for warning in check.warnings where !warnings.contains(warning) { warnings.append(warning) }
        }
        return warnings
    }
}
