package import Neural

extension Forecaster {
    private static let names = ["first", "second", "output"]

    /// Reads the weights of `Models/anomaly`.
    package init(_ file: Safetensors) throws(SafetensorsError) {
        let shapes = [
            (SmallNetwork.width, Self.inputs), (SmallNetwork.width, SmallNetwork.width), (2, SmallNetwork.width),
        ]
        var layers: [Linear] = []
        for (name, (rows, columns)) in zip(Self.names, shapes) {
            let weight = try file.floats("\(name).weight", shape: [rows, columns])
            layers.append(
                Linear(
                    weight: Matrix(rows: rows, columns: columns, values: weight),
                    bias: try file.floats("\(name).bias", shape: [rows])))
        }
        let lanes = Lanes.scalarCount
        let views = BlockPrior(
            mean: Lanes(try file.floats("priors.mean", shape: [lanes])),
            deviation: Lanes(try file.floats("priors.deviation", shape: [lanes])))
        let joint = try file.floats("priors.joint", shape: [2])
        self.init(layers, priors: SurprisePriors(views: views, joint: SIMD2(joint)))
    }

    /// The weights as a file, under a version that alerts are stored with.
    package func file(version: String) -> Safetensors {
        var file = Safetensors(metadata: ["version": version])
        for (name, layer) in zip(Self.names, network.layers) {
            file.set(
                "\(name).weight", shape: [layer.weight.rows, layer.weight.columns], floats: layer.weight.values)
            file.set("\(name).bias", shape: [layer.bias.count], floats: layer.bias)
        }
        func array(_ lanes: Lanes) -> [Float] { lanes.indices.map { lanes[$0] } }
        file.set("priors.mean", shape: [Lanes.scalarCount], floats: array(priors.views.mean))
        file.set("priors.deviation", shape: [Lanes.scalarCount], floats: array(priors.views.deviation))
        file.set("priors.joint", shape: [2], floats: [priors.joint.x, priors.joint.y])
        return file
    }
}
