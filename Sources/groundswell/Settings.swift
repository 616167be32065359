import ArgumentParser
import Configuration
import Domain
import Foundation
import Logging
import SystemPackage

/// The options that every command which meets Redis or PostgreSQL shares.
///
/// Each value is taken from the flag, else the environment (`GROUNDSWELL_REDIS`, …), else the configuration file.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: """
            Redis URL: redis://, rediss:// (?ca=FILE&cert=FILE&key=FILE) or redis+unix://; a Redis Cluster as \
            redis://host:port,host:port/?cluster=true. Environment: GROUNDSWELL_REDIS.
            """)
    var redis: String?

    @Option(help: "PostgreSQL URL: postgres://. Environment: GROUNDSWELL_POSTGRES.")
    var postgres: String?

    @Option(help: "Configuration file (YAML). Default: groundswell.yaml, then the local cluster's.")
    var config: String?

    @Option(help: "Folder of model weights. Environment: GROUNDSWELL_MODELS.")
    var models: String?
}

/// What a command runs with, after flags, environment and file are put together.
struct Settings: Sendable {
    private let reader: ConfigReader
    private let flags: [String: String]

    static let fileName = "groundswell.yaml"

    init(_ options: ConnectionOptions) async throws {
        flags = [
            "redis": options.redis, "postgres": options.postgres, "models": options.models,
        ].compactMapValues { $0 }
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider().prefixKeys(with: "groundswell")]
        if let path = options.config ?? Self.defaultFile() {
            do {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(path)))
            } catch {
                throw CommandError("cannot read the configuration file \(path): \(error)")
            }
        }
        reader = ConfigReader(providers: providers)
    }

    private static func defaultFile() -> String? {
        let candidates = [fileName, LocalCluster.defaultFolder + "/" + fileName]
        return ProcessInfo.processInfo.environment["GROUNDSWELL_CONFIG"]
            ?? candidates.first { FileManager.default.isReadableFile(atPath: $0) }
    }

    private func value(_ key: String) -> String? {
        let value = flags[key] ?? reader.string(forKey: ConfigKey(key.split(separator: ".").map(String.init)))
        return value?.isEmpty == false ? value : nil
    }

    func redisURL() throws -> String { try required("redis") }
    func postgresURL() throws -> String { try required("postgres") }

    private func required(_ key: String) throws -> String {
        guard let value = value(key) else {
            throw CommandError(
                """
                no \(key == "redis" ? "Redis" : "PostgreSQL") URL: give --\(key), set GROUNDSWELL_\(key.uppercased()), \
                or start a private cluster in this folder with 'groundswell local up'
                """)
        }
        return value
    }

    /// The folder of model weights: as configured, else `Models` here or beside the executable's package.
    func modelsFolder() -> String {
        if let folder = value("models") { return folder }
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        var folder = executable.deletingLastPathComponent()
        let candidates =
            ["Models"]
            + (0..<5).map { _ in
                defer { folder.deleteLastPathComponent() }
                return folder.appendingPathComponent("Models").path
            }
        return candidates.first { FileManager.default.fileExists(atPath: $0) } ?? "Models"
    }

    /// What senders show to a gateway; no flag, since command lines are seen by all.
    func gatewayToken() -> String? { value("gateway_token") ?? value("gateway.token") }

    /// TCP port of the health endpoint; `nil` when it is off.
    func healthPort() throws -> Int? {
        guard let text = value("health_port") ?? value("health.port") else { return nil }
        guard let port = Int(text), (1...65_535).contains(port) else {
            throw CommandError("the health port must be 1…65535, not '\(text)'")
        }
        return port
    }

    func logLevel() throws -> Logger.Level {
        guard let text = value("log_level") ?? value("log.level") else { return .info }
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError("unknown log level '\(text)'; known: \(known)")
        }
        return level
    }
}

/// A failure told to the user as it is; exit code 1.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
