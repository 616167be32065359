import ArgumentParser
import Foundation

/// Makes archives and measures: the numbers of the README and of `loadtest/results` come from here.
@main
struct Loadtest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loadtest",
        abstract: "Seeded archives and benchmarks for groundswell.",
        discussion: "Example: loadtest backfill --posts 2000000 --model fast",
        subcommands: [
            GenerateCommand.self, BackfillCommand.self, BoundsCommand.self, BurstsCommand.self, ChaosCommand.self,
            FaultsCommand.self, InferenceCommand.self, LanguagesCommand.self, LiveCommand.self, MergeCommand.self,
            QueueCommand.self, ReceiveCommand.self, ScheduleCommand.self,
            TextCommand.self,
        ])
}

/// A failure told to the user as it is.
struct LoadtestError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What a benchmark measured: lines of name, value and unit.
struct Report {
    private var lines: [(name: String, value: String)] = []

    mutating func add(_ name: String, _ value: String) { lines.append((name, value)) }

    mutating func add(_ name: String, _ value: Double, _ unit: String, places: Int = 0) {
        add(name, "\(String(format: "%.\(places)f", value)) \(unit)")
    }

    /// The machine, so that a recorded result can be judged.
    mutating func addMachine() {
        let cpu = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n")
            .first { $0.hasPrefix("model name") }?.split(separator: ":").last.map { $0.drop { $0 == " " } }
        let bytes = Double(ProcessInfo.processInfo.physicalMemory)
        add("date", Date().formatted(.iso8601))
        add(
            "machine",
            "\(cpu ?? "unknown CPU"), \(ProcessInfo.processInfo.activeProcessorCount) cores, "
                + String(format: "%.0f GiB", bytes / Double(1 << 30)))
        // Above the number of cores others work too, and speeds say little by themselves.
        let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ").first
        add("load", "\(load ?? "unknown") tasks wanted a core in the last minute")
        add("command", CommandLine.arguments.enumerated().map { $0 == 0 ? "loadtest" : $1 }.joined(separator: " "))
    }

    var text: String {
        let width = lines.map(\.name.count).max() ?? 0
        return lines.map { $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.value + "\n" }
            .joined()
    }

    /// Prints the report, and appends it to a file if one is given.
    func publish(record path: String?) throws {
        print(text, terminator: "")
        guard let path else { return }
        let previous = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        try (previous + (previous.isEmpty ? "" : "\n") + text).write(toFile: path, atomically: true, encoding: .utf8)
    }
}
