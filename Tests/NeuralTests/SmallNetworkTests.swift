import Harness
import Neural
import Testing

struct SmallNetworkTests {
    private static func layers(inputs: Int, outputs: Int, seed: UInt64) -> [Linear] {
        var random = SplitMix(seed: seed)
        return [(32, inputs), (32, 32), (outputs, 32)].map { rows, columns in
            Linear(
                weight: Matrix(rows: rows, columns: columns, deviation: 0.3, using: &random),
                bias: (0..<rows).map { _ in random.normal() })
        }
    }

    @Test(arguments: [(20, 2, 1), (32, 32, 2), (1, 1, 3)] as [(Int, Int, UInt64)])
    func itAgreesWithTheLayersOneByOne(inputs: Int, outputs: Int, seed: UInt64) {
        let layers = Self.layers(inputs: inputs, outputs: outputs, seed: seed)
        let network = SmallNetwork(layers)
        var random = SplitMix(seed: seed &+ 100)
        for _ in 0..<20 {
            let x = (0..<inputs).map { _ in random.normal() }
            var hidden = Matrix(rows: 1, columns: inputs, values: x)
            for layer in layers.dropLast() {
                hidden = layer(hidden)
                hidden.values = hidden.values.map { max($0, 0) }
            }
            let expected = layers[2](hidden).values
            var vector = SIMD32<Float>.zero
            for (index, value) in x.enumerated() { vector[index] = value }
            let answer = network(vector)
            for (index, value) in expected.enumerated() {
                #expect(abs(answer[index] - value) < 1e-4 * max(1, abs(value)), "seed \(seed), output \(index)")
            }
        }
    }

    @Test func itGivesItsLayersBack() {
        let layers = Self.layers(inputs: 20, outputs: 2, seed: 9)
        #expect(SmallNetwork(layers).layers == layers)
    }
}
