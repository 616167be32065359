package import Neural

/// What training changed in an encoder, as a file: differences of the matrices in 4 bits, norms and biases whole.
///
/// A difference is small beside its weight, so 16 steps to each output's largest difference lose less than rounding the
/// weights themselves to 8 bits; and the file is an eighth of the encoder's matrices in floats. Low-rank adapters would
/// be smaller still, but bind training to their rank.
package enum DeepDelta {
    /// The largest code; 0 is stored as ``zero``.
    private static let reach: Float = 7
    private static let zero: Int32 = 8

    /// The file of the differences between two states of one encoder, with the heads of its tasks.
    package static func file(
        from base: TrainedWeights, to trained: TrainedWeights, heads: [(TextTask, Linear)]
    ) -> Safetensors {
        var file = Safetensors()
        var base = base
        let arrays = trained.arrays
        var index = 0
        base.visit { old, layer, isMatrix in
            let name = Self.name(index, layer)
            if isMatrix {
                let rows = trained.outputs(of: index)
                let columns = old.count / rows
                var scales = [Float](repeating: 0, count: rows)
                var codes = [UInt8](repeating: 0, count: old.count / 2)
                for row in 0..<rows {
                    let places = row * columns..<(row + 1) * columns
                    let largest = places.reduce(Float(0)) { max($0, abs(arrays[index][$1] - old[$1])) }
                    scales[row] = largest / reach
                    guard largest > 0 else {
                        for place in places where place % 2 == 0 { codes[place / 2] = UInt8(zero << 4 | zero) }
                        continue
                    }
                    for place in places {
                        let code = Int32(((arrays[index][place] - old[place]) / scales[row]).rounded()) + zero
                        codes[place / 2] |= UInt8(truncatingIfNeeded: code) << (place % 2 == 0 ? 0 : 4)
                    }
                }
                file.set(name + ".scales", shape: [rows], floats: scales)
                file.tensors[name + ".codes"] = Safetensors.Tensor(
                    type: .uint8, shape: [rows, columns / 2], bytes: codes)
            } else {
                file.set(name, shape: [arrays[index].count], floats: arrays[index])
            }
            index += 1
        }
        for (task, head) in heads {
            file.set(
                "heads.\(task.rawValue).weight", shape: [head.weight.rows, head.weight.columns],
                floats: head.weight.values)
            file.set("heads.\(task.rawValue).bias", shape: [head.bias.count], floats: head.bias)
        }
        return file
    }

    /// The encoder's weights with a file's differences added.
    package static func apply(_ file: Safetensors, to base: TrainedWeights) throws(SafetensorsError) -> TrainedWeights {
        var trained = base
        var index = 0
        var failure: SafetensorsError?
        trained.visit { array, layer, isMatrix in
            guard failure == nil else { return }
            do throws(SafetensorsError) {
                let name = Self.name(index, layer)
                if isMatrix {
                    let rows = base.outputs(of: index)
                    try add(file, name, rows: rows, to: &array)
                } else {
                    array = try file.floats(name, shape: [array.count])
                }
            } catch { failure = error }
            index += 1
        }
        if let failure { throw failure }
        return trained
    }

    /// The head of a task.
    static func head(_ task: TextTask, of file: Safetensors, width: Int) throws(SafetensorsError) -> Linear {
        let classes = task.classes.count
        return Linear(
            weight: Matrix(
                rows: classes, columns: width,
                values: try file.floats("heads.\(task.rawValue).weight", shape: [classes, width])),
            bias: try file.floats("heads.\(task.rawValue).bias", shape: [classes]))
    }

    private static func add(
        _ file: Safetensors, _ name: String, rows: Int, to array: inout [Float]
    ) throws(SafetensorsError) {
        let columns = array.count / rows
        let scales = try file.floats(name + ".scales", shape: [rows])
        guard let codes = file.tensors[name + ".codes"] else { throw .missing(name: name + ".codes") }
        guard codes.type == .uint8, codes.shape == [rows, columns / 2] else {
            throw .tensor(name: name + ".codes", reason: "is \(codes.shape), the model needs U8 \([rows, columns / 2])")
        }
        for row in 0..<rows {
            for pair in row * columns / 2..<(row + 1) * columns / 2 {
                let code = Int32(codes.bytes[pair])
                array[2 * pair] += Float(code & 15 - zero) * scales[row]
                array[2 * pair + 1] += Float(code >> 4 - zero) * scales[row]
            }
        }
    }

    /// The name of an array by its place in ``TrainedWeights/visit(_:)``.
    private static func name(_ index: Int, _ layer: Int) -> String {
        guard layer >= 0 else { return ["embeddingNorm.gain", "embeddingNorm.bias"][index] }
        let names = [
            "attention.weight", "attentionOutput.weight", "up.weight", "down.weight", "attention.bias",
            "attentionOutput.bias", "attentionNorm.gain", "attentionNorm.bias", "up.bias", "down.bias",
            "outputNorm.gain", "outputNorm.bias",
        ]
        return "layers.\(layer).\(names[(index - 2) % names.count])"
    }
}

extension TrainedWeights {
    /// The outputs of the matrix at a place in ``visit(_:)``.
    fileprivate func outputs(of index: Int) -> Int {
        let layer = layers[(index - 2) / (EncoderLayer.matrices.count + EncoderLayer.vectors.count)]
        return [layer.attention, layer.attentionOutput, layer.up, layer.down][
            (index - 2) % (EncoderLayer.matrices.count + EncoderLayer.vectors.count)
        ].weight.rows
    }
}
