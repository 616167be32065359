internal import Foundation
internal import LocalServers

/// Runs `groundswell` as its users do.
struct ClusterCommand: Sendable {
    let executable: String
    let environment: [String: String]

    /// Seconds after which a command that hangs is ended, to be tried again.
    private static let limit = 120

    /// Returns what it prints on standard output; what it says besides is thrown with a failure.
    func run(_ arguments: String...) async throws -> String {
        let script = "timeout -k 5 \(Self.limit) \"$@\" 2>\"$0.errors\" || { code=$?; cat \"$0.errors\"; exit $code; }"
        let own = NSTemporaryDirectory() + "groundswell-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: own + ".errors") }
        return try await Blocking.run {
            try Run.program("/bin/sh", ["-c", script, own, executable] + arguments, environment: environment)
        }
    }
}

/// Work that blocks, on a thread of its own.
///
/// Not on a queue of Dispatch: on Linux its threads are also those of Swift's tasks, which would wait for a free one.
enum Blocking {
    static func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Swift.Result { try work() }) }.start()
        }
    }
}
