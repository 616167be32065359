import Harness
import Neural
import Testing
import Text

@Suite struct DeepDeltaTests {
    private let base = TinyEncoder.weights(seed: 1).trained
    private let trained = TinyEncoder.weights(seed: 2).trained
    private let head = Linear(
        weight: Matrix(rows: 2, columns: TinyEncoder.shape.width, values: (0..<64).map { Float($0) / 7 }),
        bias: [0.5, -0.25])

    @Test func whatWasTrainedComesBackWithinHalfAStep() throws {
        let file = DeepDelta.file(from: base, to: trained, heads: [(.irony, head)])
        let read = try DeepDelta.apply(try Safetensors(bytes: file.bytes), to: base)
        for ((old, new), (wanted, found)) in zip(
            zip(base.arrays, trained.arrays), zip(trained.arrays, read.arrays))
        {
            // No row's step is larger than that of the array's largest difference.
            let step = zip(old, new).map { abs($0 - $1) }.max().map { $0 / 7 } ?? 0
            for (a, b) in zip(wanted, found) { #expect(abs(a - b) <= step / 2 + 1e-6) }
        }
        #expect(read.embeddingNorm == trained.embeddingNorm)
        #expect(read.layers.map(\.up.bias) == trained.layers.map(\.up.bias))
    }

    @Test func nothingTrainedIsNoDifference() throws {
        let file = DeepDelta.file(from: base, to: base, heads: [])
        #expect(try DeepDelta.apply(file, to: base) == base)
    }

    @Test func aMatrixTakesHalfAByteAWeight() {
        let file = DeepDelta.file(from: base, to: trained, heads: [])
        let weights = TinyEncoder.shape.width * TinyEncoder.shape.inner
        #expect(file.tensors["layers.0.up.weight.codes"]?.bytes.count == weights / 2)
    }

    @Test func aMissingOrMisshapenTensorIsNamed() {
        let file = DeepDelta.file(from: base, to: trained, heads: [])
        for name in file.tensors.keys {
            var broken = file
            broken.tensors[name] = nil
            #expect(throws: SafetensorsError.missing(name: name)) { try DeepDelta.apply(broken, to: base) }
            broken.tensors[name] = Safetensors.Tensor(type: .uint8, shape: [1], bytes: [0])
            #expect(throws: SafetensorsError.self) { try DeepDelta.apply(broken, to: base) }
        }
    }
}
