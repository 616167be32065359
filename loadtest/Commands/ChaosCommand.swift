import ArgumentParser
import Chaos
import Foundation

/// Kills and disturbs everything while jobs run, and proves that nothing was lost or counted twice.
struct ChaosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Kill roles and servers, lose Redis' data, break lines while jobs run; then prove every number.",
        discussion: """
            Example: loadtest chaos --minutes 5 --at-least-kills 150
            Faults follow from the seed (--show-plan prints them); their effects also depend on the machine's timing.
            Exit code 1 when any job differs from a count in one process, or when fewer were killed than asked for.
            """)

    @Option(help: "Minutes under fire; setting up and settling come on top.") var minutes = 5.0
    @Option(help: "Seed of plan and archives; random when not given.") var seed: UInt64?
    @Option(help: "SIGKILLs that must have been done; 30 a minute when not given.") var atLeastKills: Int?
    @Option(help: "Append the report to this file.") var record: String?
    @Option(help: "Folder of model weights.") var models = "Models"
    @Flag(help: "Keep logs, plan and events also when all is well.") var keep = false
    @Flag(help: "Print the plan and do nothing.") var showPlan = false

    func validate() throws {
        guard (0.1...1440).contains(minutes) else {
            throw ValidationError("--minutes must be 0.1…1440, not \(minutes).")
        }
        guard (0...100_000).contains(atLeastKills ?? 0) else {
            throw ValidationError("--at-least-kills must be 0…100000, not \(atLeastKills ?? 0).")
        }
    }

    func run() async throws {
        let seed = seed ?? .random(in: 0..<1_000_000)
        var settings = ChaosSettings(
            seed: seed, lasting: .seconds(minutes * 60), leastKills: atLeastKills ?? Int(minutes * 30),
            folder: FileManager.default.temporaryDirectory.appendingPathComponent("chaos-\(getpid())").path,
            executable: Processes.executable, models: URL(fileURLWithPath: models).standardizedFileURL.path)
        settings.say = say
        if showPlan {
            print(settings.plan, terminator: "")
            return
        }
        say("seed \(seed); logs, plan and events are in \(settings.folder)")
        let chaos = try await ChaosRun(settings).run()
        var report = Report()
        report.addMachine()
        for line in chaos.lines { report.add(line.name, line.value) }
        try report.publish(record: record)
        guard chaos.problems.isEmpty else {
            for problem in chaos.problems { say("problem: \(problem)") }
            throw LoadtestError("what was asked for does not hold with seed \(seed); see \(settings.folder)")
        }
        if !keep { try? FileManager.default.removeItem(atPath: settings.folder) }
    }

    @Sendable private func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
