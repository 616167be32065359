import Foundation
import Glibc

/// A program of ours that runs beside the private servers: a coordinator, a worker, a reducer.
package final class PrivateProgram: Sendable {
    package let folder: String
    private let process: ServerProcess
    private let lifetime: Lifetime

    private init(folder: String, process: ServerProcess, lifetime: Lifetime) {
        self.folder = folder
        self.process = process
        self.lifetime = lifetime
    }

    deinit {
        if lifetime == .attached { process.end(signal: SIGKILL, grace: .seconds(10)) }
    }

    /// Starts `program` in the current folder; what it prints goes to `program.log` in `folder` (made when missing).
    package static func start(
        _ program: String, _ arguments: [String], environment: [String: String], in folder: String,
        lifetime: Lifetime = .attached
    ) throws(LocalServerError) -> PrivateProgram {
        let folder = Folder.absolute(folder)
        try Folder.makePrivate(folder)
        if let state = StateFile.ofRunningServer(in: folder) {
            throw .alreadyRunning(server: program, folder: folder, pid: state.identity.pid)
        }
        var spawn = Spawn(program: program, arguments: arguments, environment: environment)
        spawn.folder = FileManager.default.currentDirectoryPath
        spawn.output = .file("\(folder)/program.log")
        let process = try ServerProcess.start(spawn, lifetime: lifetime, endSignal: SIGKILL)
        try StateFile(identity: process.identity, url: "-").write(in: folder)
        return PrivateProgram(folder: folder, process: process, lifetime: lifetime)
    }

    /// The detached program that runs in `folder` now, if any.
    package static func find(in folder: String) -> PrivateProgram? {
        let folder = Folder.absolute(folder)
        guard let state = StateFile.ofRunningServer(in: folder) else { return nil }
        return PrivateProgram(folder: folder, process: ServerProcess(found: state.identity), lifetime: .detached)
    }

    package var isRunning: Bool { process.isRunning }
    package var pid: Int32 { process.identity.pid }
    package var logFile: String { "\(folder)/program.log" }

    /// Asks the program to end by SIGTERM, insists by SIGKILL after the grace time, and waits until it is gone.
    package func stop(grace: Duration = .seconds(10)) { process.end(signal: SIGTERM, grace: grace) }

    /// Ends the program by SIGKILL, as a crash would.
    package func kill() { process.end(signal: SIGKILL, grace: .seconds(10)) }

    /// Holds the program still, as a hung machine would; `resume` lets it go on.
    package func pause() { process.send(signal: SIGSTOP) }

    package func resume() { process.send(signal: SIGCONT) }
}
