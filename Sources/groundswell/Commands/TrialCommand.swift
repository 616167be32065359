import ArgumentParser
import Foundation
import Telemetry
import Worker

/// What a worker starts to run a shard that may have ended another worker; no command for people.
struct TrialCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial", abstract: "Run shards for a worker, which speaks over standard input.",
        shouldDisplay: false)

    func run() throws {
        TrialServer(descriptor: STDIN_FILENO).run()
    }
}

extension TrialProgram {
    /// This very program, also after its file was replaced by a newer one.
    static var own: Self {
        var environment = ProcessInfo.processInfo.environment
        // The worker tells what happened, and at once; a trace of the process would take seconds.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        return Self(
            path: "/proc/self/exe", arguments: ["trial"], environment: environment,
            folder: FileManager.default.currentDirectoryPath)
    }
}
