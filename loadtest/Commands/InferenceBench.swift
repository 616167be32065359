import Foundation
import Neural
import Subwords
import Synchronization

/// Our own encoder and the texts to time it on.
struct InferenceBench {
    let tokens: Int
    private let weights: EncoderWeights
    private let tokenizer: SubwordTokenizer
    private let texts: [String]
    private let batch: Int
    private let reference: Matrix

    init(model: String, texts: [String], batch: Int) throws {
        func file(_ name: String, mapped: Bool = false) throws -> Data {
            try Data(contentsOf: URL(fileURLWithPath: "\(model)/\(name)"), options: mapped ? .alwaysMapped : [])
        }
        weights = try EncoderWeights(
            MappedTensors(file("model.safetensors", mapped: true)), shape: EncoderShape(json: file("config.json")))
        tokenizer = try SubwordTokenizer(json: [UInt8](file("tokenizer.json")))
        self.texts = texts
        self.batch = batch
        let all = TokenBatch(texts.map { [tokenizer] in tokenizer.encode($0, limit: 256) })
        tokens = all.tokens
        reference = Encoder(weights, precision: .fp32).pooled(all)
    }

    func engine(_ precision: Precision) -> any InferenceEngine {
        OwnEncoder(bench: self, encoder: Encoder(weights, precision: precision), precision: precision)
    }

    private struct OwnEncoder: InferenceEngine {
        let bench: InferenceBench
        let encoder: Encoder
        let precision: Precision

        var name: String { precision.rawValue }

        func run(threads: Int) throws -> InferenceResult {
            guard encoder.precision == precision else { throw LoadtestError("this processor lacks \(precision)") }
            let cpu = processSeconds()
            let ids = bench.texts.map { bench.tokenizer.encode($0, limit: 256) }
            let batches = stride(from: 0, to: ids.count, by: bench.batch).map {
                TokenBatch(ids[$0..<min($0 + bench.batch, ids.count)])
            }
            let next = Mutex(0)
            let results = Mutex([Int: Matrix]())
            let started = ContinuousClock.now
            DispatchQueue.concurrentPerform(iterations: threads) { _ in
                while true {
                    let mine = next.withLock { next in
                        defer { next += 1 }
                        return next
                    }
                    guard mine < batches.count else { return }
                    let vectors = encoder.pooled(batches[mine])
                    results.withLock { $0[mine] = vectors }
                }
            }
            let wall = Double((ContinuousClock.now - started) / .nanoseconds(1)) / 1e9
            let used = processSeconds() - cpu
            let values = results.withLock { results in batches.indices.flatMap { results[$0]?.values ?? [] } }
            return InferenceResult(
                textsPerSecond: Double(ids.count) / wall, textsPerCPUSecond: Double(ids.count) / used,
                cosine: bench.cosine(values))
        }
    }

    private func cosine(_ values: [Float]) -> (min: Double, mean: Double) {
        let width = reference.columns
        let cosines = (0..<reference.rows).map { row in
            let a = Array(values[row * width..<(row + 1) * width])
            let b = Array(reference.values[row * width..<(row + 1) * width])
            return Vector.dot(a, b) / (Vector.dot(a, a) * Vector.dot(b, b)).squareRoot()
        }
        return (cosines.min() ?? 1, cosines.reduce(0, +) / Double(max(cosines.count, 1)))
    }
}

/// CPU time of all threads of this process.
private func processSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
