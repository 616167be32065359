internal import Foundation
package import Neural

/// A small encoder of random weights, in memory or as the files of a model folder.
package enum TinyEncoder {
    package static let words = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "the", "plane", "was", "food", "so", "very",
        "late",
        "fine", "##s", "##ly", "!", ".", "@", "user", "http", "love", "hate",
    ]

    package static let shape = EncoderShape(
        width: 32, heads: 2, layers: 2, inner: 48, vocabulary: words.count, positions: 40, normEpsilon: 1e-5)

    /// - Parameter deviation: of all weights but those of the words.
    package static func weights(
        _ shape: EncoderShape = shape, deviation: Float = 0.2, seed: UInt64
    ) -> EncoderWeights {
        var random = SplitMix(seed: seed)
        func matrix(_ rows: Int, _ columns: Int, _ deviation: Float = deviation) -> Matrix {
            Matrix(rows: rows, columns: columns, deviation: deviation, using: &random)
        }
        func linear(_ outputs: Int, _ inputs: Int) -> Linear {
            Linear(weight: matrix(outputs, inputs), bias: matrix(1, outputs).values)
        }
        func norm() -> LayerNorm {
            LayerNorm(gain: matrix(1, shape.width).values.map { 1 + $0 }, bias: matrix(1, shape.width).values)
        }
        let layers = (0..<shape.layers).map { _ in
            EncoderLayer(
                attention: linear(3 * shape.width, shape.width), attentionOutput: linear(shape.width, shape.width),
                attentionNorm: norm(), up: linear(shape.inner, shape.width), down: linear(shape.width, shape.inner),
                outputNorm: norm())
        }
        return EncoderWeights(
            shape: shape, words: EmbeddingTable(matrix(shape.vocabulary, shape.width, 1)),
            positions: EmbeddingTable(matrix(shape.positions, shape.width)),
            types: EmbeddingTable(matrix(2, shape.width)),
            trained: TrainedWeights(embeddingNorm: norm(), layers: layers))
    }

    /// Writes `config.json`, `tokenizer.json` and `model.safetensors` by the names of BERT.
    package static func write(to folder: String, seed: UInt64) throws {
        let url = URL(filePath: folder)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try JSONSerialization.data(withJSONObject: configuration).write(to: url.appending(path: "config.json"))
        try JSONSerialization.data(withJSONObject: tokenizer).write(to: url.appending(path: "tokenizer.json"))
        try Data(file(of: weights(seed: seed)).bytes).write(to: url.appending(path: "model.safetensors"))
    }

    private static var configuration: [String: Any] {
        [
            "model_type": "bert", "hidden_size": shape.width, "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers, "intermediate_size": shape.inner, "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions, "type_vocab_size": 2, "layer_norm_eps": 1e-5,
        ]
    }

    private static var tokenizer: [String: Any] {
        let special: [[String: Any]] = (0..<5).map { id in
            [
                "id": id, "content": words[id], "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": true,
            ]
        }
        let vocabulary = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) })
        return [
            "version": "1.0", "added_tokens": special,
            "normalizer": [
                "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "lowercase": true,
            ] as [String: Any],
            "pre_tokenizer": ["type": "BertPreTokenizer"],
            "post_processor": [
                "type": "BertProcessing", "sep": ["[SEP]", 3] as [Any], "cls": ["[CLS]", 2] as [Any],
            ] as [String: Any],
            "model": [
                "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 100, "vocab": vocabulary,
            ] as [String: Any],
        ]
    }

    private static func file(of weights: EncoderWeights) -> Safetensors {
        let width = shape.width
        var file = Safetensors()
        func put(_ name: String, _ linear: Linear) {
            file.set(
                name + ".weight", shape: [linear.weight.rows, linear.weight.columns], floats: linear.weight.values)
            file.set(name + ".bias", shape: [linear.bias.count], floats: linear.bias)
        }
        func put(_ name: String, _ norm: LayerNorm) {
            file.set(name + ".weight", shape: [width], floats: norm.gain)
            file.set(name + ".bias", shape: [width], floats: norm.bias)
        }
        func put(_ name: String, _ table: EmbeddingTable) {
            var values = [Float](repeating: 0, count: table.rows * width)
            table.add(Array(0..<Int32(table.rows)), to: &values)
            file.set(name, shape: [table.rows, width], floats: values)
        }
        put("embeddings.word_embeddings.weight", weights.words)
        put("embeddings.position_embeddings.weight", weights.positions)
        if let types = weights.types { put("embeddings.token_type_embeddings.weight", types) }
        put("embeddings.LayerNorm", weights.trained.embeddingNorm)
        for (number, layer) in weights.trained.layers.enumerated() {
            let prefix = "encoder.layer.\(number)."
            for (part, name) in ["query", "key", "value"].enumerated() {
                let rows = part * width..<(part + 1) * width
                let values = layer.attention.weight.values[rows.lowerBound * width..<rows.upperBound * width]
                put(
                    prefix + "attention.self.\(name)",
                    Linear(
                        weight: Matrix(rows: width, columns: width, values: Array(values)),
                        bias: Array(layer.attention.bias[rows])))
            }
            put(prefix + "attention.output.dense", layer.attentionOutput)
            put(prefix + "attention.output.LayerNorm", layer.attentionNorm)
            put(prefix + "intermediate.dense", layer.up)
            put(prefix + "output.dense", layer.down)
            put(prefix + "output.LayerNorm", layer.outputNorm)
        }
        return file
    }
}
