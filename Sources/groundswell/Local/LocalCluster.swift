import Foundation
import LocalServers

/// A private cluster in a folder: Redis, PostgreSQL and every role, for one machine.
struct LocalCluster {
    static let defaultFolder = ".groundswell"

    /// One role process of the cluster.
    struct Role {
        let name: String
        let arguments: [String]
    }

    let folder: String

    init(folder: String) { self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path }

    var redisFolder: String { "\(folder)/redis" }
    var postgresFolder: String { "\(folder)/postgres" }
    var configFile: String { "\(folder)/\(Settings.fileName)" }
    var redis: PrivateRedis? { PrivateRedis.find(in: redisFolder) }
    var postgres: PrivatePostgres? { PrivatePostgres.find(in: postgresFolder) }

    /// The roles to run, by folder name, with a fixed number of workers.
    ///
    /// - Parameter channels: the channels file of a deliverer; without one there is none.
    static func roles(workers: Int, threads: Int, channels: String? = nil) -> [Role] {
        [Role(name: "coordinator", arguments: ["coordinator"]), Role(name: "reduce", arguments: ["reduce"])]
            + (1...max(1, workers)).map { number in
                Role(name: "worker-\(number)", arguments: ["worker", "--threads", "\(threads)"])
            }
            + (channels.map { file in
                let path = URL(fileURLWithPath: file).standardizedFileURL.path
                return [Role(name: "deliver", arguments: ["deliver", "--channels", path])]
            } ?? [])
    }

    /// Role processes that have been started here, by name, running or not.
    var knownRoles: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/roles")) ?? []
        return names.sorted()
    }

    func role(_ name: String) -> PrivateProgram? { PrivateProgram.find(in: roleFolder(name)) }

    func roleFolder(_ name: String) -> String { "\(folder)/roles/\(name)" }

    /// Starts what does not run yet of the two servers and writes the configuration file that other commands find.
    func startServers(say: (String) -> Void) throws {
        try makeFolder()
        let redis =
            try redis
            ?? {
                say("starting Redis in \(redisFolder)")
                return try PrivateRedis.start(in: redisFolder, settings: .init(appendOnly: true), lifetime: .detached)
            }()
        let postgres =
            try postgres
            ?? {
                say("starting PostgreSQL in \(postgresFolder)")
                return try PrivatePostgres.start(
                    in: postgresFolder, settings: .init(durability: .full, mayMoveElsewhere: true), lifetime: .detached)
            }()
        let text = """
            # Written by 'groundswell local up': how commands in this folder reach the private cluster.
            redis: "\(redis.url)"
            postgres: "\(postgres.url)"

            """
        let file = URL(fileURLWithPath: configFile)
        try Data(text.utf8).write(to: file, options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: configFile)
    }

    /// Starts the role unless it runs.
    func start(_ role: Role, models: String, say: (String) -> Void) throws {
        guard self.role(role.name) == nil else { return }
        say("starting \(role.name)")
        var environment = ProcessInfo.processInfo.environment
        environment["GROUNDSWELL_CONFIG"] = configFile
        environment["GROUNDSWELL_MODELS"] = models
        // An inherited URL or port would send the roles elsewhere, or all to one port.
        for name in ["REDIS", "POSTGRES", "HEALTH_PORT"] { environment["GROUNDSWELL_\(name)"] = nil }
        _ = try PrivateProgram.start(
            try Self.executable(), role.arguments, environment: environment, in: roleFolder(role.name),
            lifetime: .detached)
    }

    /// Ends the roles, then the servers.
    ///
    /// Roles first: they hand back what they hold while Redis still answers.
    func stop(say: (String) -> Void) {
        for name in knownRoles {
            guard let role = role(name) else { continue }
            say("stopping \(name)")
            role.stop()
        }
        if let redis {
            say("stopping Redis")
            redis.stop()
        }
        if let postgres {
            say("stopping PostgreSQL")
            postgres.stop()
        }
    }

    private func makeFolder() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private static func executable() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }
}
