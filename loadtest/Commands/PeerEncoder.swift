import Foundation
import LocalServers

/// Another runtime, timed by the script that prepared it, at the batch size where it is fastest.
///
/// It sorts the texts by length, which saves padding; ours takes them as they come.
struct PeerEncoder: InferenceEngine {
    let name: String
    private let batch: Int
    private let folder: String
    private let home: String
    private let texts: String
    private let count: Int

    /// The runtimes that the scripts know, and the batch size that suits each.
    static func all(folder: String, home: String, texts: String, count: Int) -> [any InferenceEngine] {
        [
            ("ov-int8", 32), ("ort-int8", 16), ("ct2-int8", 32), ("ov-bf16", 32), ("torch-bf16", 32),
            ("ort-fp32-fused", 16),
        ].map { PeerEncoder(name: $0, batch: $1, folder: folder, home: home, texts: texts, count: count) }
    }

    private struct Line: Decodable {
        var speed: Double
        var speedByCPU: Double
        var meanCosine: Double
        var leastCosine: Double

        enum CodingKeys: String, CodingKey {
            case speed = "infer_texts_s"
            case speedByCPU = "texts_per_cpu_s"
            case meanCosine = "cos_mean"
            case leastCosine = "cos_min"
        }
    }

    func run(threads: Int) throws -> InferenceResult {
        let python = absolute(home) + "/venv-inference/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw LoadtestError("\(python) is missing; run setup.sh inference")
        }
        let output = try Run.program(
            python,
            [
                absolute(folder) + "/inference/bench.py", name, absolute(home) + "/models", texts, "--threads",
                "\(threads)", "--n", "\(count)", "--batches", "\(batch)", "--orders", "sorted",
            ], environment: ProcessInfo.processInfo.environment)
        guard
            let line = output.split(separator: "\n").lazy.compactMap({ text in
                try? JSONDecoder().decode(Line.self, from: Data(text.utf8))
            }).last
        else { throw LoadtestError("the script printed no speed") }
        return InferenceResult(
            textsPerSecond: line.speed, textsPerCPUSecond: line.speedByCPU,
            cosine: (min: line.leastCosine, mean: line.meanCosine))
    }

    private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
