import Foundation

/// What one engine did in one round.
struct InferenceResult {
    /// Inference alone, by the clock on the wall.
    var textsPerSecond: Double
    /// By the CPU time of the process, tokenising included.
    var textsPerCPUSecond: Double
    /// Against fp32, where known.
    var cosine: (min: Double, mean: Double)?
}

/// Something that turns texts into vectors.
protocol InferenceEngine {
    var name: String { get }
    func run(threads: Int) throws -> InferenceResult
}

/// Results of all rounds, and their medians.
struct InferenceTable {
    let tokensPerText: Double
    private var rows: [(name: String, threads: Int, results: [InferenceResult], failure: String?)] = []

    init(tokensPerText: Double) { self.tokensPerText = tokensPerText }

    /// Adds one more result, or what went wrong.
    mutating func add(_ name: String, threads: Int, _ run: () throws -> InferenceResult) {
        let row = rows.firstIndex { $0.name == name && $0.threads == threads } ?? rows.count
        if row == rows.count { rows.append((name, threads, [], nil)) }
        guard rows[row].failure == nil else { return }
        do {
            rows[row].results.append(try run())
        } catch {
            rows[row].failure = "skipped: \("\(error)".split(separator: "\n").last ?? "unknown")"
        }
    }

    func add(to report: inout Report) {
        for row in rows {
            let title = "\(row.name), \(row.threads) thread\(row.threads == 1 ? "" : "s")"
            if let failure = row.failure {
                report.add(title, failure)
                continue
            }
            let speed = Self.median(row.results.map(\.textsPerSecond))
            var line = String(
                format: "%5.0f texts/s %6.0f tokens/s %5.0f texts per CPU second", speed, speed * tokensPerText,
                Self.median(row.results.map(\.textsPerCPUSecond)))
            if let cosine = row.results.last?.cosine {
                line += String(format: "  cosine to fp32 %.5f mean %.5f min", cosine.mean, cosine.min)
            }
            report.add(title, line)
        }
        for threads in Set(rows.map(\.threads)).sorted() {
            addRatio(of: "int8", to: ["ov-int8", "ort-int8"], threads, &report)
            addRatio(of: "bf16", to: ["ov-bf16", "torch-bf16"], threads, &report)
            addRatio(of: "fp32", to: ["ort-fp32-fused", "ov-fp32"], threads, &report)
        }
    }

    /// How much faster our engine is than the best of its peers.
    private func addRatio(of name: String, to peers: [String], _ threads: Int, _ report: inout Report) {
        func speed(_ name: String, _ value: (InferenceResult) -> Double) -> Double? {
            rows.first { $0.name == name && $0.threads == threads && $0.failure == nil }.map {
                Self.median($0.results.map(value))
            }
        }
        func ratio(_ value: (InferenceResult) -> Double) -> Double? {
            guard let own = speed(name, value), let best = peers.compactMap({ speed($0, value) }).max() else {
                return nil
            }
            return own / best
        }
        guard let byClock = ratio(\.textsPerSecond), let byCPU = ratio(\.textsPerCPUSecond) else { return }
        report.add(
            "\(name) to the best peer, \(threads) thread\(threads == 1 ? "" : "s")",
            String(format: "%.2f times by the clock, %.2f per CPU second", byClock, byCPU))
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
