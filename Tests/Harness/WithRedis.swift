package import LocalServers

/// Runs a test with a private, empty Redis, which ends with the test.
///
/// The body gets its URL.
package func withRedis<Result>(
    _ settings: PrivateRedis.Settings = .init(), _ body: (String) async throws -> Result
) async throws -> Result {
    try await withRedisServer(settings) { try await body($0.url) }
}

/// Like `withRedis`, for tests that kill, pause and restart the server.
package func withRedisServer<Result>(
    _ settings: PrivateRedis.Settings = .init(), _ body: (PrivateRedis) async throws -> Result
) async throws -> Result {
    let folder = TestFolder.path("redis")
    let server = try await onOwnThread { try PrivateRedis.start(in: folder, settings: settings) }
    do {
        let result = try await body(server)
        try await onOwnThread { server.kill() }
        return result
    } catch {
        try await onOwnThread { server.kill() }
        throw error
    }
}

/// Runs a test with a private Redis Cluster of three primaries and three replicas.
///
/// Takes seconds.
package func withRedisCluster<Result>(_ body: (PrivateRedisCluster) async throws -> Result) async throws -> Result {
    let folder = TestFolder.path("cluster")
    let cluster = try await onOwnThread { try PrivateRedisCluster.start(in: folder) }
    do {
        let result = try await body(cluster)
        try await onOwnThread { cluster.kill() }
        return result
    } catch {
        try await onOwnThread { cluster.kill() }
        throw error
    }
}
