import Foundation
import LocalServers

/// Other job queues, timed by the scripts that install them.
///
/// Each is given the same: empty jobs, Redis in memory only over TCP on this machine. What cannot be had is skipped and
/// said to be.
struct PeerQueues {
    let folder: String
    let home: String
    let scale: Double

    private static let names = [
        "sidekiq", "dramatiq", "arq", "celery-prefork", "celery-solo", "rq-simple", "rq-fork", "streams",
    ]

    private struct Line: Decodable {
        var peer: String
        var workers: Int?
        var drainRate: Double?
        var count: Int?
        var transport: String?
        var error: String?

        enum CodingKeys: String, CodingKey {
            case peer, workers, count, transport, error
            case drainRate = "drain_s"
        }
    }

    func add(to report: inout Report) {
        for name in Self.names {
            do {
                for (title, rates) in try time(name) { report.add(title, rates) }
            } catch {
                report.add(name, "skipped: \("\(error)".split(separator: "\n").last ?? "unknown")")
            }
        }
    }

    private func time(_ name: String) throws -> [(title: String, rates: String)] {
        let python = "\(absolute(home))/venv-\(name == "arq" ? "arq" : "queues")/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw LoadtestError("\(python) is missing; run setup.sh queues arq")
        }
        let script = "\(absolute(folder))/queues/run.py"
        let output = try Run.program(
            python, [script, "--only", name, "--reps", "1", "--workers", "1,2", "--scale", "\(scale)"],
            environment: ProcessInfo.processInfo.environment)
        let lines = output.split(separator: "\n").compactMap { text in
            try? JSONDecoder().decode(Line.self, from: Data(text.utf8))
        }
        if let error = lines.lazy.compactMap(\.error).first { throw LoadtestError(error) }
        var rates: [(title: String, rates: [String])] = []
        for line in lines where line.transport != "unix" {
            guard let rate = line.drainRate else { continue }
            let title = line.count.map { "\(line.peer), \($0) at a time" } ?? line.peer
            if let index = rates.firstIndex(where: { $0.title == title }) {
                rates[index].rates.append(String(format: "%.0f", rate))
            } else {
                rates.append((title, [String(format: "%.0f", rate)]))
            }
        }
        guard !rates.isEmpty else { throw LoadtestError("the script printed no rate") }
        return rates.map { ($0.title, "\($0.rates.joined(separator: " / ")) jobs/s with 1 / 2 workers") }
    }

    private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
