internal import Foundation
internal import Synchronization

/// What has happened so far, also written line by line to `events.log`.
final class ChaosRecord: Sendable {
    struct Facts: Sendable {
        /// Faults done, by kind.
        var faults: [String: Int] = [:]
        /// SIGKILLs done, by whom they ended.
        var kills: [String: Int] = [:]
        var jobs: [JobVerdict] = []
        /// Share of the job that each track waits for, by its name.
        var running: [String: Double] = [:]
        /// Starts that failed, mostly since a server was away.
        var failedStarts = 0
        /// Submissions repeated with their key since the first try failed.
        var repeatedSubmissions = 0
        var slowestStop = Duration.zero
        /// What must not happen.
        var problems: [String] = []
    }

    private let started = ContinuousClock.now
    private let file: FileHandle
    private let state = Mutex(Facts())

    init(folder: String) throws {
        let path = "\(folder)/events.log"
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw ChaosError("cannot write \(path)") }
        self.file = file
    }

    var facts: Facts { state.withLock { $0 } }

    func change(_ body: (inout Facts) -> Void) { state.withLock { body(&$0) } }

    func note(_ text: String) {
        let line = "\((ContinuousClock.now - started).inSeconds)\t\(text)\n"
        state.withLock { _ in try? file.write(contentsOf: Data(line.utf8)) }
    }

    func count(_ fault: ChaosFault) {
        note("\(fault)")
        change { facts in
            facts.faults[fault.kind, default: 0] += 1
            if let killed = fault.killed { facts.kills[killed, default: 0] += 1 }
        }
    }

    func problem(_ text: String) {
        note("PROBLEM: \(text)")
        change { $0.problems.append(text) }
    }
}

extension ChaosRecord.Facts {
    var killed: Int { kills.values.reduce(0, +) }
}

/// Why a run could not be done.
package struct ChaosError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
