internal import Foundation
internal import LocalServers

/// Strikes one role process, and is its supervisor besides: starts it again when it has ended.
struct MemberLane: Sendable {
    let member: ChaosMember
    let cluster: ChaosCluster
    let clock: ChaosClock
    let record: ChaosRecord

    /// What ends earlier by itself could not start, as with a server away.
    private static let startingTime = Duration.seconds(15)

    /// Runs until cancelled.
    func run(_ steps: [ChaosPlan.Step]) async throws {
        try await cluster.start(member)
        var started = ContinuousClock.now
        for step in steps {
            try await supervise(until: clock.start + step.at, &started)
            guard clock.isBurning, let program = cluster.program(member), program.isRunning else { continue }
            record.count(step.fault)
            switch step.fault {
            case .kill(_, let pause):
                try await Blocking.run { program.kill() }
                try await restart(after: pause, &started)
            case .terminate(_, let pause):
                let asked = ContinuousClock.now
                try await Blocking.run { program.stop() }
                let took = ContinuousClock.now - asked
                record.note("\(member.name) ended \(took.inSeconds) after SIGTERM")
                record.change { $0.slowestStop = max($0.slowestStop, took) }
                try await restart(after: pause, &started)
            case .suspend(_, let time):
                program.pause()
                try await Task.sleep(for: time)
                program.resume()
            default: break
            }
        }
        try await supervise(until: nil, &started)
    }

    private func restart(after pause: Duration, _ started: inout ContinuousClock.Instant) async throws {
        try await Task.sleep(for: pause)
        try await cluster.start(member)
        started = .now
    }

    private func supervise(
        until moment: ContinuousClock.Instant?, _ started: inout ContinuousClock.Instant
    ) async throws {
        repeat {
            if let program = cluster.program(member), !program.isRunning {
                noteExit(of: program, after: .now - started)
                try await restart(after: .milliseconds(500), &started)
            }
            let now = ContinuousClock.now
            try await Task.sleep(for: min(.milliseconds(100), max(.zero, (moment ?? now + .seconds(1)) - now)))
        } while moment.map { $0 > .now } ?? true
    }

    private func noteExit(of program: PrivateProgram, after lifetime: Duration) {
        let log = (try? String(contentsOfFile: program.logFile, encoding: .utf8)) ?? ""
        let last = log.split(separator: "\n").last.map(String.init) ?? "no log"
        if lifetime < Self.startingTime, last.hasPrefix("error: ") {
            record.note("\(member.name) could not start: \(last)")
            record.change { $0.failedStarts += 1 }
        } else {
            record.problem("\(member.name) ended by itself after \(lifetime.inSeconds): \(last)")
        }
    }
}
