internal import Foundation
internal import LocalServers
internal import Redis
internal import Synchronization

/// Private servers, a proxy on every line to them, and the role processes.
final class ChaosCluster: Sendable {
    /// The lines of one process.
    struct Lines: Sendable {
        let redis: FaultProxy
        let postgres: FaultProxy

        func proxy(to server: ChaosFault.Server) -> FaultProxy { server == .redis ? redis : postgres }
    }

    let redis: PrivateRedis
    let postgres: PrivatePostgres
    private let settings: ChaosSettings
    private let lines: [ChaosMember: Lines]
    /// Of the commands that submit jobs.
    private let commandLines: Lines
    private let programs = Mutex<[ChaosMember: PrivateProgram]>([:])

    private init(
        redis: PrivateRedis, postgres: PrivatePostgres, settings: ChaosSettings, lines: [ChaosMember: Lines],
        commandLines: Lines
    ) {
        self.redis = redis
        self.postgres = postgres
        self.settings = settings
        self.lines = lines
        self.commandLines = commandLines
    }

    /// Starts the servers; call ``carry()`` at once, or no line works.
    static func start(_ settings: ChaosSettings) async throws -> ChaosCluster {
        let folder = settings.folder
        let (redis, postgres) = try await Blocking.run {
            (
                // As in a real cluster: Redis keeps its file, and PostgreSQL what it has said is safe.
                try PrivateRedis.start(in: "\(folder)/redis", settings: .init(appendOnly: true)),
                try PrivatePostgres.start(in: "\(folder)/postgres", settings: .init(durability: .full))
            )
        }
        guard let redisSocket = redis.socket, let postgresSocket = postgres.socket else {
            throw ChaosError("the servers have no sockets")
        }
        func lines() async throws -> Lines {
            Lines(
                redis: try await FaultProxy.start(to: .unix(path: redisSocket)),
                postgres: try await FaultProxy.start(to: .unix(path: postgresSocket)))
        }
        var all: [ChaosMember: Lines] = [:]
        for member in ChaosMember.all { all[member] = try await lines() }
        return ChaosCluster(
            redis: redis, postgres: postgres, settings: settings, lines: all, commandLines: try await lines())
    }

    /// Carries all lines until cancelled.
    func carry() async {
        await withDiscardingTaskGroup { group in
            for lines in Array(lines.values) + [commandLines] {
                group.addTask { await lines.redis.run() }
                group.addTask { await lines.postgres.run() }
            }
        }
    }

    /// The proxies between a server and one member, or all clients of it.
    func proxies(to server: ChaosFault.Server, of member: ChaosMember?) -> [FaultProxy] {
        if let member { return lines[member].map { [$0.proxy(to: server)] } ?? [] }
        return (Array(lines.values) + [commandLines]).map { $0.proxy(to: server) }
    }

    // MARK: Commands

    /// A command that meets the servers over lines that may be disturbed.
    var command: ClusterCommand {
        ClusterCommand(executable: settings.executable, environment: environment(commandLines))
    }

    /// A command that meets the servers directly.
    var undisturbedCommand: ClusterCommand {
        ClusterCommand(
            executable: settings.executable, environment: environment(redis: redis.url, postgres: postgres.url))
    }

    func flushRedis() async throws { _ = try await RedisClient(RedisURL(redis.url)).send("FLUSHALL") }

    // MARK: Roles

    func start(_ member: ChaosMember) async throws {
        guard let lines = lines[member] else { return }
        let environment = environment(lines)
        let program = try await Blocking.run { [settings] in
            try PrivateProgram.start(
                settings.executable, member.arguments, environment: environment,
                in: "\(settings.folder)/\(member.name)")
        }
        programs.withLock { $0[member] = program }
    }

    func program(_ member: ChaosMember) -> PrivateProgram? { programs.withLock { $0[member] } }

    /// Ends everything; a server that hangs is killed.
    func stop() async {
        let programs = programs.withLock { Array($0.values) }
        try? await Blocking.run { [redis, postgres] in
            for program in programs { program.kill() }
            redis.kill()
            postgres.stop()
        }
    }

    private func environment(_ lines: Lines) -> [String: String] {
        environment(
            redis: "redis://127.0.0.1:\(lines.redis.port)",
            postgres: "postgresql://groundswell@127.0.0.1:\(lines.postgres.port)/groundswell?sslmode=disable")
    }

    private func environment(redis: String, postgres: String) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GROUNDSWELL_") }
        environment["GROUNDSWELL_REDIS"] = redis
        environment["GROUNDSWELL_POSTGRES"] = postgres
        environment["GROUNDSWELL_MODELS"] = settings.models
        return environment
    }
}
