import Foundation
import Harness
import LocalServers

/// Runs the built `groundswell` as its users do: another process, its exit code, its two outputs.
struct Command {
    struct Result {
        let status: Int32
        let output: String
        let messages: String
    }

    var environment: [String: String] = [:]

    /// The executable beside the test bundle, built with it.
    static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("groundswell").path

    static let models = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Models").path

    func run(_ arguments: String..., input: String = "/dev/null") async throws -> Result {
        try await run(arguments, input: input)
    }

    func run(_ arguments: [String], input: String = "/dev/null") async throws -> Result {
        let errors = FileManager.default.temporaryDirectory.appendingPathComponent("errors-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: errors) }
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GROUNDSWELL_") }
        environment["GROUNDSWELL_MODELS"] = Self.models
        environment.merge(self.environment) { _, new in new }
        let script = "exec 2>'\(errors)' <'\(input)'; \"$@\"; code=$?; echo; echo \"status $code\"; exit 0"
        let printed = try await onOwnThread { [environment] in
            try Run.program(
                "/bin/sh", ["-c", script, "sh", Self.executable] + arguments, environment: environment,
                folder: FileManager.default.temporaryDirectory.path)
        }
        let lines = printed.split(separator: "\n", omittingEmptySubsequences: false)
        let status = lines.last { $0.hasPrefix("status ") }.flatMap { Int32($0.dropFirst(7)) } ?? -1
        let output = lines.prefix { !$0.hasPrefix("status ") }.dropLast().joined(separator: "\n")
        return Result(
            status: status, output: output, messages: (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")
    }
}

/// A folder that is gone after the test.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cluster-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
