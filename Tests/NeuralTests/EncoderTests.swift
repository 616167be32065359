import Foundation
import Harness
import Neural
import Subwords
import Testing

/// The encoder for inference, in every precision and with every instruction set of this processor.
@Suite struct EncoderTests {
    /// One way to calculate.
    struct Way: CustomTestStringConvertible, Sendable {
        let precision: Precision
        let instructions: InstructionSet

        var testDescription: String { "\(precision) with \(instructions.rawValue)" }
    }

    static let ways = Precision.allCases.flatMap { precision in
        InstructionSet.available.map { Way(precision: precision, instructions: $0) }
    }

    static let shape = EncoderShape(
        width: 64, heads: 2, layers: 2, inner: 96, vocabulary: 50, positions: 120, normEpsilon: 1e-5)

    static func weights(seed: UInt64) -> EncoderWeights { TinyEncoder.weights(shape, deviation: 0.15, seed: seed) }

    /// Texts of all lengths from none to the longest possible, short ones more often.
    static func texts(_ count: Int, using random: inout SplitMix) -> [[Int32]] {
        (0..<count).map { _ in
            let longest: UInt64 = random.next() % 8 == 0 ? 121 : 40
            return (0..<random.next() % longest).map { _ in Int32(random.next() % 50) }
        }
    }

    @Test(arguments: ways) func theHiddenStatesAreThoseOfTheReference(way: Way) {
        var random = SplitMix(seed: 20)
        let weights = Self.weights(seed: 21)
        let batch = TokenBatch(Self.texts(30, using: &random))
        let wanted = EncoderPass(weights, batch).hidden
        let encoder = Encoder(weights, precision: way.precision, instructions: way.instructions)
        let found = encoder(batch)
        #expect(found.rows == batch.tokens && found.columns == 64)
        let limit: Float =
            switch encoder.precision {
            case .int8: way.instructions == .avx2 ? 0.3 : 0.15
            case .bf16: 0.05
            case .fp32: 1e-5
            }
        let worst = zip(found.values, wanted.values).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        #expect(worst < limit, "off by \(worst)")
    }

    @Test(arguments: ways) func aTextGetsTheSameBitsInAnyBatch(way: Way) {
        var random = SplitMix(seed: 22)
        let encoder = Encoder(Self.weights(seed: 23), precision: way.precision, instructions: way.instructions)
        let texts = Self.texts(40, using: &random)
        let alone = texts.map { encoder.pooled(TokenBatch([$0])).values.map(\.bitPattern) }
        for _ in 0..<3 {
            var order = Array(texts.indices)
            for index in order.indices.reversed() { order.swapAt(index, Int(random.next() % UInt64(index + 1))) }
            var rest = order[...]
            while !rest.isEmpty {
                let part = rest.prefix(1 + Int(random.next() % 20))
                rest = rest.dropFirst(part.count)
                let pooled = encoder.pooled(TokenBatch(part.map { texts[$0] }))
                for (row, text) in part.enumerated() {
                    let bits = pooled.values[row * 64..<(row + 1) * 64].map(\.bitPattern)
                    #expect(bits == alone[text], "text \(text) of \(texts[text].count) tokens, seeds 22 and 23")
                }
            }
        }
    }

    @Test func theTypeOfATokenCounts() {
        let encoder = Encoder(Self.weights(seed: 24))
        var batch = TokenBatch()
        batch.append([1, 2, 3])
        batch.append([1, 2, 3], types: [0, 1, 1])
        let pooled = encoder.pooled(batch)
        #expect(pooled.values[..<64] != pooled.values[64...])
    }

    @Test func anEmptyBatchGivesNothing() {
        let encoder = Encoder(Self.weights(seed: 25))
        #expect(encoder(TokenBatch()).rows == 0)
        #expect(encoder.pooled(TokenBatch([[]])).values == [Float](repeating: 0, count: 64))
    }

    // The published model, where this machine has it; its reference is PyTorch's.

    private struct Case: Decodable {
        var text: String
        var ids: [Int32]
        var embedding: Data?
    }

    private static let goldenCases: String? = ProcessInfo.processInfo.environment["GROUNDSWELL_SHARED"].map {
        $0 + "/data/text/golden_wordpiece.jsonl.gz"
    }.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }

    private static let model: String? = ProcessInfo.processInfo.environment["GROUNDSWELL_MODELS"].map {
        $0 + "/all-MiniLM-L6-v2"
    }.flatMap { FileManager.default.fileExists(atPath: $0 + "/model.safetensors") ? $0 : nil }

    private static func golden() throws -> [Case] {
        let unpacked = Process()
        unpacked.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        unpacked.arguments = ["gzip", "-dc", try #require(goldenCases)]
        let pipe = Pipe()
        unpacked.standardOutput = pipe
        try unpacked.run()
        let lines = try #require(try pipe.fileHandleForReading.readToEnd())
        return try lines.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Case.self, from: $0) }
            .filter { $0.embedding != nil }
    }

    private static func published() throws -> EncoderWeights {
        let folder = URL(fileURLWithPath: try #require(model))
        return try EncoderWeights(
            MappedTensors(
                Data(contentsOf: folder.appendingPathComponent("model.safetensors"), options: .alwaysMapped)),
            shape: EncoderShape(json: Data(contentsOf: folder.appendingPathComponent("config.json"))))
    }

    @Test(
        .enabled(
            if: goldenCases != nil && model != nil,
            "skipped: needs GROUNDSWELL_SHARED, and all-MiniLM-L6-v2 in GROUNDSWELL_MODELS"),
        arguments: [Precision.fp32, .bf16, .int8])
    func theGoldenEmbeddingsComeOut(precision: Precision) throws {
        let cases = try Self.golden()
        #expect(cases.count == 200)
        let encoder = Encoder(try Self.published(), precision: precision)
        // Cut to 256 as the reference does: the first 255 and the closing token.
        let batch = TokenBatch(cases.map { $0.ids.count <= 256 ? $0.ids : Array($0.ids.prefix(255)) + [102] })
        let pooled = encoder.pooled(batch)
        var worst: Float = 0
        var cosines: [Float] = []
        for (row, golden) in cases.enumerated() {
            let bytes = try #require(golden.embedding)
            let wanted = (0..<384).map { index in
                Float(
                    bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[bytes.startIndex + index * 4 + $1]) << ($1 * 8) })
            }
            let values = pooled.values[row * 384..<(row + 1) * 384]
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            worst = zip(values, wanted).reduce(worst) { max($0, abs($1.0 / length - $1.1)) }
            cosines.append(zip(values, wanted).reduce(0) { $0 + $1.0 / length * $1.1 })
        }
        let mean = cosines.reduce(0, +) / Float(cosines.count)
        switch encoder.precision {
        case .fp32: #expect(worst < 1e-5, "off by \(worst)")
        case .bf16: #expect(mean > 0.9999, "cosine \(mean)")
        case .int8: #expect(mean > 0.995, "cosine \(mean)")
        }
    }
}
