internal import Foundation
internal import LocalServers

/// Strikes Redis.
struct RedisLane: Sendable {
    let cluster: ChaosCluster
    let clock: ChaosClock
    let record: ChaosRecord

    private var files: String { "\(cluster.redis.folder)/appendonlydir" }
    private var copy: String { "\(cluster.redis.folder)/older" }

    func run(_ steps: [ChaosPlan.Step]) async throws {
        for step in steps {
            guard try await clock.comes(step) else { continue }
            record.count(step.fault)
            switch step.fault {
            case .flushRedis: try await cluster.flushRedis()
            case .killRedis(let away, let file):
                try await Blocking.run { cluster.redis.kill() }
                try await Task.sleep(for: away)
                try await Blocking.run {
                    try prepare(file)
                    try cluster.redis.restart()
                }
                record.note("Redis is back")
            case .suspendRedis(let time):
                cluster.redis.pause()
                try await Task.sleep(for: time)
                cluster.redis.resume()
            default: break
            }
        }
    }

    /// The server is down, so its files are at rest.
    private func prepare(_ file: ChaosFault.RedisFile) throws {
        let manager = FileManager.default
        switch file {
        case .kept:
            // What the next restore brings back.
            try? manager.removeItem(atPath: copy)
            try manager.copyItem(atPath: files, toPath: copy)
        case .lost: try? manager.removeItem(atPath: files)
        case .older:
            guard manager.fileExists(atPath: copy) else { return }
            try? manager.removeItem(atPath: files)
            try manager.copyItem(atPath: copy, toPath: files)
        }
    }
}
