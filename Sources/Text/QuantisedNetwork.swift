package import Neural

/// The fast model as it is shipped and run: 8-bit weights, whole-number arithmetic up to the pooled values.
///
/// Whole numbers add up to the same bits in any order, so no batch, thread, compiler or processor changes a score.
package struct QuantisedNetwork: Equatable, Sendable {
    /// Tokens are averaged to quarters of the table's unit.
    static let fractions = 4
    /// The most inputs of a filter, `span · width`: so many products of `127 · fractions` and 127 stay below 2^24.
    static let reachLimit = 260

    package let tableBits: Int
    package let width: Int
    /// Tokens that one filter sees: an odd number, itself and its neighbours.
    package let span: Int
    package let filters: Int
    package let classes: Int
    /// `[rows, width]`.
    let table: [Int8]
    /// Whole numbers `[span · width, filters]`, widened once at load for BLAS.
    let kernel: [Float]
    /// What one unit of each filter's sum is worth.
    let kernelScales: [Float]
    let kernelBiases: [Float]
    /// `[classes, filters]`.
    let outputWeights: [Float]
    let outputBiases: [Float]

    /// Rounds a trained network.
    ///
    /// All filters get the widest span, with zeros beyond their own: one product for all is as fast as one for each.
    package init(_ network: Network) {
        width = network.embedding.table.columns
        span = network.span
        filters = network.output.weight.columns
        classes = network.output.bias.count
        tableBits = (network.embedding.table.rows - 1).bitWidth - (network.embedding.table.rows - 1).leadingZeroBitCount
        let tableScale: Float
        (table, tableScale) = Self.rounded(network.embedding.table.values)
        let reach = span * width
        var kernel = [Float](repeating: 0, count: reach * filters)
        var scales: [Float] = []
        for convolution in network.convolutions {
            let first = (span - convolution.span) / 2 * width
            for column in 0..<convolution.filters {
                let filter = scales.count
                let (values, scale) = Self.rounded(
                    (0..<convolution.weight.rows).map { convolution.weight[$0, column] })
                for (index, value) in values.enumerated() {
                    kernel[(first + index) * filters + filter] = Float(value)
                }
                scales.append(scale * tableScale / Float(Self.fractions))
            }
        }
        self.kernel = kernel
        kernelScales = scales
        kernelBiases = network.convolutions.flatMap(\.bias)
        outputWeights = network.output.weight.values
        outputBiases = network.output.bias
    }

    /// Symmetric rounding to ±127 with one scale.
    private static func rounded(_ values: [Float]) -> ([Int8], scale: Float) {
        let top = values.reduce(0) { max($0, abs($1)) }
        guard top > 0 else { return (values.map { _ in 0 }, 1) }
        return (values.map { Int8(max(-127, min(127, ($0 / top * 127).rounded()))) }, top / 127)
    }

    /// Reads the tensors that `weights` gives names to.
    package init(_ weights: Safetensors, configuration: ModelConfiguration) throws(SafetensorsError) {
        tableBits = configuration.features.tableBits
        width = configuration.width
        span = configuration.span ?? ModelConfiguration.usualSpan
        filters = configuration.filters
        classes = configuration.classes.count
        let reach = span * width
        table = try weights.integers("embedding.weight", shape: [1 << tableBits, width])
        kernel = try weights.integers("convolution.weight", shape: [reach, filters]).map(Float.init)
        kernelScales = try weights.floats("convolution.scale", shape: [filters])
        kernelBiases = try weights.floats("convolution.bias", shape: [filters])
        outputWeights = try weights.floats("output.weight", shape: [classes, filters])
        outputBiases = try weights.floats("output.bias", shape: [classes])
    }

    /// Inputs of a filter.
    var reach: Int { span * width }

    package var weights: Safetensors {
        var weights = Safetensors()
        weights.set("embedding.weight", shape: [1 << tableBits, width], integers: table)
        weights.set(
            "convolution.weight", shape: [span * width, filters], integers: kernel.map { Int8($0) })
        weights.set("convolution.scale", shape: [filters], floats: kernelScales)
        weights.set("convolution.bias", shape: [filters], floats: kernelBiases)
        weights.set("output.weight", shape: [classes, filters], floats: outputWeights)
        weights.set("output.bias", shape: [classes], floats: outputBiases)
        return weights
    }
}
