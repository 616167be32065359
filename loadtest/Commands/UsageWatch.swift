import Foundation

/// Remembers what processes and their children used, which the kernel forgets when they end.
final class UsageWatch {
    struct Usage {
        let name: String
        let pid: Int32
        /// Peak resident memory of the largest process.
        var bytes = 0
        /// User and system time of all.
        var cpuSeconds = 0.0
    }

    private(set) var usages: [Usage]
    private let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))

    init(processes: [(name: String, pid: Int32)]) {
        usages = processes.map { Usage(name: $0.name, pid: $0.pid) }
    }

    func look() {
        for index in usages.indices {
            let family = [usages[index].pid] + children(of: usages[index].pid)
            usages[index].bytes = max(usages[index].bytes, family.map(peakBytes).max() ?? 0)
            usages[index].cpuSeconds = max(usages[index].cpuSeconds, family.reduce(0) { $0 + cpuSeconds($1) })
        }
    }

    private func children(of pid: Int32) -> [Int32] {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
        return text.split(separator: " ").compactMap { Int32($0) }
    }

    private func peakBytes(_ pid: Int32) -> Int {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return 0 }
        return (Int(line.filter(\.isNumber)) ?? 0) * 1024
    }

    private func cpuSeconds(_ pid: Int32) -> Double {
        // Fields 14 and 15 of the line, counted behind the program's name in brackets.
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let fields = stat.split(separator: ")").last?.split(separator: " "), fields.count > 12,
            let user = Double(fields[11]), let system = Double(fields[12])
        else { return 0 }
        return (user + system) / ticksPerSecond
    }
}
