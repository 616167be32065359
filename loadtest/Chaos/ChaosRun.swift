internal import Foundation
internal import LocalServers
internal import Logging
internal import Store

/// A cluster at work while everything around it fails, and the proof that nothing was lost or counted twice.
package struct ChaosRun: Sendable {
    private let settings: ChaosSettings
    private static let progressInterval = Duration.seconds(10)

    package init(_ settings: ChaosSettings) { self.settings = settings }

    /// Runs to the end and reports; everything started has ended when it returns.
    ///
    /// - Throws: when the cluster cannot be set up or a server does not come back.
    package func run() async throws -> ChaosReport {
        // The database server runs under an account of its own, which must be able to pass.
        try FileManager.default.createDirectory(
            atPath: settings.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        let plan = settings.plan
        try plan.description.write(toFile: "\(settings.folder)/plan.tsv", atomically: true, encoding: .utf8)
        let record = try ChaosRecord(folder: settings.folder)
        let cluster = try await ChaosCluster.start(settings)
        do {
            let report = try await run(plan, on: cluster, record)
            await cluster.stop()
            return report
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private func run(_ plan: ChaosPlan, on cluster: ChaosCluster, _ record: ChaosRecord) async throws -> ChaosReport {
        try await withThrowingTaskGroup(of: ChaosReport?.self) { group in
            group.addTask {
                await cluster.carry()
                return nil
            }
            let archives = try await prepare(cluster)
            let clock = ChaosClock(start: .now, settings: settings)
            for member in ChaosMember.all {
                let lane = MemberLane(member: member, cluster: cluster, clock: clock, record: record)
                group.addTask {
                    try await lane.run(plan.steps(in: .member(member)))
                    return nil
                }
            }
            group.addTask {
                try await tellProgress(clock, record)
                return nil
            }
            group.addTask {
                try await burn(plan, archives, on: cluster, clock, record)
                lookForCrashes(record)
                return ChaosReport(settings: settings, facts: record.facts, settling: .now - clock.end)
            }
            // All others go on until cancelled, or throw.
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let report = ended { return report }
            }
            throw ChaosError("the run ended without a report")
        }
    }

    private func prepare(_ cluster: ChaosCluster) async throws -> [ChaosArchive] {
        let command = cluster.undisturbedCommand
        _ = try await command.run("migrate")
        var archives: [ChaosArchive] = []
        for (number, size) in settings.archives.enumerated() {
            archives.append(
                try await ChaosArchive.make(
                    size, number: number, seed: settings.seed, in: settings.folder, counter: command))
        }
        return archives
    }

    /// Faults and jobs, until the faults have ended and the last job is proved.
    private func burn(
        _ plan: ChaosPlan, _ archives: [ChaosArchive], on cluster: ChaosCluster, _ clock: ChaosClock,
        _ record: ChaosRecord
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await RedisLane(cluster: cluster, clock: clock, record: record).run(plan.steps(in: .redis))
            }
            group.addTask {
                try await PostgresLane(cluster: cluster, clock: clock, record: record).run(plan.steps(in: .postgres))
            }
            group.addTask {
                try await NetworkLane(cluster: cluster, clock: clock, record: record).run(plan.steps(in: .network))
            }
            for number in 1...settings.tracks {
                var logger = Logger(label: "chaos")
                logger.logLevel = .critical
                let store = Store(url: cluster.postgres.url, applicationName: "loadtest chaos", logger: logger)
                let track = JobTrack(
                    number: number, archives: archives, cluster: cluster, clock: clock, record: record, store: store,
                    seed: settings.seed)
                group.addTask { try await track.run() }
            }
            // The first failure ends all.
            for try await _ in group {}
        }
    }

    /// A program's last words, wherever in its log.
    private func lookForCrashes(_ record: ChaosRecord) {
        for member in ChaosMember.all {
            let path = "\(settings.folder)/\(member.name)/program.log"
            let log = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            for line in log.split(separator: "\n") where line.contains("Fatal error") || line.contains("crashed") {
                record.problem("\(member.name) crashed: \(line)")
            }
        }
    }

    private func tellProgress(_ clock: ChaosClock, _ record: ChaosRecord) async throws {
        while true {
            try await Task.sleep(for: Self.progressInterval)
            let facts = record.facts
            let running = facts.running.sorted { $0.key < $1.key }
                .map { "\($0.key) \(Int($0.value * 100)) %" }.joined(separator: ", ")
            let seconds = Int((ContinuousClock.now - clock.start) / .seconds(1))
            let whole = Int(settings.lasting / .seconds(1))
            let time = clock.isBurning ? "\(seconds) of \(whole) s" : "settling since \(seconds - whole) s"
            settings.say(
                "\(time) · \(facts.killed) kills, \(facts.faults.values.reduce(0, +)) faults · \(facts.jobs.count) jobs "
                    + "proved, \(facts.problems.count) problems · running: \(running.isEmpty ? "none" : running)")
        }
    }
}
