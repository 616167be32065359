import Foundation
import Harness
import Neural
import Testing

/// The encoder's gradients beside PyTorch's, where `GROUNDSWELL_PYTHON` names a Python that has `torch` and
/// `transformers`.
@Suite struct PyTorchGradientTests {
    private static let python = ProcessInfo.processInfo.environment["GROUNDSWELL_PYTHON"]

    /// The gradient of the sum of all last hidden states, each times its place modulo 7 minus 3, over three texts.
    private static let program = """
        import json, sys, torch
        from transformers import BertModel
        model = BertModel.from_pretrained(sys.argv[1], add_pooling_layer=False, attn_implementation="eager").eval()
        for ids, types in json.loads(sys.argv[2]):
            hidden = model(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types])).last_hidden_state[0]
            weights = torch.arange(hidden.numel()).reshape(hidden.shape).remainder(7) - 3
            (hidden * weights).sum().backward()
        p = dict(model.named_parameters())
        names = ["embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"]
        out = [p[n].grad.flatten().tolist() for n in names]
        for i in range(model.config.num_hidden_layers):
            def grad(name, kind): return p[f"encoder.layer.{i}.{name}.{kind}"].grad.flatten().tolist()
            for kind in ["weight", "bias"]:
                qkv = sum((grad(f"attention.self.{x}", kind) for x in ["query", "key", "value"]), [])
                out += [(f"{i} attention {kind}", qkv)]
                for name in ["attention.output.dense", "intermediate.dense", "output.dense",
                             "attention.output.LayerNorm", "output.LayerNorm"]:
                    out += [(f"{i} {name} {kind}", grad(name, kind))]
        norms = out[:2]
        print(json.dumps({"norm": norms, "layers": dict(out[2:])}))
        """

    private struct Answer: Decodable {
        var norm: [[Float]]
        var layers: [String: [Float]]
    }

    @Test(.enabled(if: python != nil, "skipped: GROUNDSWELL_PYTHON names no Python with PyTorch"))
    func everyGradientIsThatOfPyTorch() async throws {
        let folder = try TestFolder.make("encoder")
        try TinyEncoder.write(to: folder, seed: 3)
        let texts: [(ids: [Int32], types: [UInt8])] = [
            ([2, 5, 7, 3], [0, 0, 0, 0]), ([2, 9, 3, 6, 8, 3], [0, 0, 0, 1, 1, 1]), ([2, 3], [0, 0]),
        ]
        let json = "[" + texts.map { "[\($0.ids), \($0.types)]" }.joined(separator: ",") + "]"
        let answer = try JSONDecoder().decode(Answer.self, from: try await Self.run(Self.program, folder, json))

        let weights = TinyEncoder.weights(seed: 3)
        var gradient = weights.trained.zeros
        for text in texts {
            var batch = TokenBatch()
            batch.append(text.ids, types: text.types)
            let pass = EncoderPass(weights, batch, arithmetic: .blas)
            var direction = Matrix(rows: batch.tokens, columns: TinyEncoder.shape.width)
            for place in direction.values.indices { direction.values[place] = Float(place % 7) - 3 }
            _ = pass.backward(direction, weights, into: &gradient)
        }
        expect(gradient.embeddingNorm.gain, answer.norm[0], "gain of the embeddings")
        expect(gradient.embeddingNorm.bias, answer.norm[1], "bias of the embeddings")
        for (number, layer) in gradient.layers.enumerated() {
            let linears = [
                ("attention", layer.attention), ("attention.output.dense", layer.attentionOutput),
                ("intermediate.dense", layer.up), ("output.dense", layer.down),
            ]
            for (name, linear) in linears {
                expect(linear.weight.values, answer.layers["\(number) \(name) weight"], "\(number) \(name)")
                expect(linear.bias, answer.layers["\(number) \(name) bias"], "\(number) \(name) bias")
            }
            let norms = [("attention.output.LayerNorm", layer.attentionNorm), ("output.LayerNorm", layer.outputNorm)]
            for (name, norm) in norms {
                expect(norm.gain, answer.layers["\(number) \(name) weight"], "\(number) \(name)")
                expect(norm.bias, answer.layers["\(number) \(name) bias"], "\(number) \(name) bias")
            }
        }
    }

    private func expect(_ ours: [Float], _ theirs: [Float]?, _ name: String) {
        guard let theirs, theirs.count == ours.count else {
            Issue.record("\(name): \(ours.count) values, PyTorch has \(theirs?.count ?? 0)")
            return
        }
        let largest = theirs.reduce(1) { max($0, abs($1)) }
        let worst = zip(ours, theirs).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(worst < 1e-4 * largest, "\(name): off by \(worst), the largest is \(largest)")
    }

    private static func run(_ program: String, _ arguments: String...) async throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: try #require(python))
        process.arguments = ["-c", program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        return try await onOwnThread {
            try process.run()
            let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return data
        }
    }
}
