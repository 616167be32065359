extension EncoderWeights {
  /// Takes an encoder's tensors from a file, by the names of its family.
  package init(_ file: MappedTensors, shape: EncoderShape) throws(SafetensorsError) {
    let names = TensorNames(shape.family, in: file.names)
    let width = shape.width
    func linear(_ name: String, _ outputs: Int, _ inputs: Int) throws(SafetensorsError) -> Linear {
      Linear(
        weight: Matrix(
          rows: outputs, columns: inputs,
          values: try file.floats(name + ".weight", shape: [outputs, inputs])),
        bias: try file.floats(name + ".bias", shape: [outputs]))
    }
    func norm(_ name: String) throws(SafetensorsError) -> LayerNorm {
      // Files made from TensorFlow call them gamma and beta.
      let isOld = file.names.contains(name + ".gamma")
      return LayerNorm(
        gain: try file.floats(name + (isOld ? ".gamma" : ".weight"), shape: [width]),
        bias: try file.floats(name + (isOld ? ".beta" : ".bias"), shape: [width]))
    }
    var layers: [EncoderLayer] = []
    for layer in 0..<shape.layers {
      let query = try linear(names.query(layer), width, width)
      let key = try linear(names.key(layer), width, width)
      let value = try linear(names.value(layer), width, width)
      layers.append(
        EncoderLayer(
          attention: Linear(
            weight: Matrix(
              rows: 3 * width, columns: width,
              values: query.weight.values + key.weight.values + value.weight.values),
            bias: query.bias + key.bias + value.bias),
          attentionOutput: try linear(names.attentionOutput(layer), width, width),
          attentionNorm: try norm(names.attentionNorm(layer)),
          up: try linear(names.up(layer), shape.inner, width),
          down: try linear(names.down(layer), width, shape.inner),
          outputNorm: try norm(names.outputNorm(layer))))
    }
    self.init(
      shape: shape,
      words: try EmbeddingTable(file, names.words, rows: shape.vocabulary, width: width),
      positions: try EmbeddingTable(file, names.positions, rows: shape.positions, width: width),
      types: shape.types == 0
        ? nil : try EmbeddingTable(file, names.types, rows: shape.types, width: width),
      trained: TrainedWeights(embeddingNorm: try norm(names.embeddingNorm), layers: layers))
  }
}

/// What the families call their tensors.
private struct TensorNames {
  private let isDistil: Bool
  private let prefix: String

  /// Weights saved with a head carry the family's name in front.
  init(_ family: EncoderShape.Family, in names: Set<String>) {
    isDistil = family == .distilbert
    let words = "embeddings.word_embeddings.weight"
    prefix = ["", "bert.", "distilbert.", "roberta."].first { names.contains($0 + words) } ?? ""
  }

  var words: String { prefix + "embeddings.word_embeddings.weight" }
  var positions: String { prefix + "embeddings.position_embeddings.weight" }
  var types: String { prefix + "embeddings.token_type_embeddings.weight" }
  var embeddingNorm: String { prefix + "embeddings.LayerNorm" }

  func query(_ layer: Int) -> String { name(layer, "attention.self.query", "attention.q_lin") }
  func key(_ layer: Int) -> String { name(layer, "attention.self.key", "attention.k_lin") }
  func value(_ layer: Int) -> String { name(layer, "attention.self.value", "attention.v_lin") }
  func attentionOutput(_ layer: Int) -> String {
    name(layer, "attention.output.dense", "attention.out_lin")
  }
  func attentionNorm(_ layer: Int) -> String {
    name(layer, "attention.output.LayerNorm", "sa_layer_norm")
  }
  func up(_ layer: Int) -> String { name(layer, "intermediate.dense", "ffn.lin1") }
  func down(_ layer: Int) -> String { name(layer, "output.dense", "ffn.lin2") }
  func outputNorm(_ layer: Int) -> String { name(layer, "output.LayerNorm", "output_layer_norm") }

  private func name(_ layer: Int, _ bert: String, _ distil: String) -> String {
    prefix + (isDistil ? "transformer.layer.\(layer).\(distil)" : "encoder.layer.\(layer).\(bert)")
  }
}
