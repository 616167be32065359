/// What each token of a text adds to each logit of the fast model: integrated gradients from zeros to the text.
///
/// On that way all sums of a filter grow in proportion, so the same token wins its maximum from beginning to end, and
/// the integral has a closed form: the part of the way on which the filter is above zero, times what each row of the
/// winning window brings. The contributions of a text add up to the logits' distance from those of the zeros.
struct TokenContributions {
    private static let lanes = 16

    private let network: QuantisedNetwork
    /// The kernel by filters, `[filters, span · width]`, so that a filter's weights lie side by side.
    private let kernel: [Float]

    init(_ network: QuantisedNetwork) {
        self.network = network
        let reach = Network.span * network.width
        var kernel = [Float](repeating: 0, count: network.kernel.count)
        for row in 0..<reach {
            for filter in 0..<network.filters {
                kernel[filter * reach + row] = network.kernel[row * network.filters + filter]
            }
        }
        self.kernel = kernel
    }

    /// Appends `classes` values for each of the tokens.
    ///
    /// - Parameters:
    ///   - tokens: one text's rows of both matrices.
    ///   - windows: `[tokens, span · width]`.
    ///   - filtered: `[tokens, filters]`, the product of windows and kernel.
    func add(_ tokens: Range<Int>, windows: [Float], filtered: [Float], to result: inout [Float]) {
        let start = result.count
        result.append(contentsOf: repeatElement(0, count: tokens.count * network.classes))
        guard let first = tokens.first else { return }
        var winners = [Int](repeating: first, count: network.filters)
        for token in tokens.dropFirst() {
            let row = token * network.filters
            for filter in winners.indices
            where filtered[row + filter] > filtered[winners[filter] * network.filters + filter] {
                winners[filter] = token
            }
        }
        for (filter, winner) in winners.enumerated() {
            let share = share(filter, sum: filtered[winner * network.filters + filter])
            guard share > 0 else { continue }
            for offset in 0..<Network.span {
                let token = winner + offset - Network.span / 2
                // Beyond the text's ends the windows hold zeros.
                guard tokens.contains(token) else { continue }
                let value = share * product(filter, winner, offset, windows)
                let place = start + (token - first) * network.classes
                for choice in 0..<network.classes {
                    result[place + choice] += network.outputWeights[choice * network.filters + filter] * value
                }
            }
        }
    }

    /// The logits that contributions count from: those of a text whose tokens are all zeros.
    var baseline: [Float] {
        (0..<network.classes).map { choice in
            (0..<network.filters).reduce(network.outputBiases[choice]) { sum, filter in
                sum + network.outputWeights[choice * network.filters + filter] * max(network.kernelBiases[filter], 0)
            }
        }
    }

    /// What one unit of a filter's winning sum is worth: its scale, times the part of the way that it is above zero.
    private func share(_ filter: Int, sum: Float) -> Float {
        let (scale, bias) = (network.kernelScales[filter], network.kernelBiases[filter])
        let end = sum * scale
        if end + bias > 0 { return bias >= 0 ? scale : scale * (end + bias) / end }
        return bias > 0 ? scale * bias / -end : 0
    }

    /// One row of the window against its part of the kernel; whole numbers, so any order gives the same.
    private func product(_ filter: Int, _ token: Int, _ offset: Int, _ windows: [Float]) -> Float {
        let width = network.width
        let reach = Network.span * width
        return windows.withUnsafeBytes { windows in
            kernel.withUnsafeBytes { kernel in
                var sum = SIMD16<Float>.zero
                let (left, right) = ((token * reach + offset * width) * 4, (filter * reach + offset * width) * 4)
                for column in stride(from: 0, to: width * 4, by: Self.lanes * 4) {
                    sum +=
                        windows.loadUnaligned(fromByteOffset: left + column, as: SIMD16<Float>.self)
                        * kernel.loadUnaligned(fromByteOffset: right + column, as: SIMD16<Float>.self)
                }
                return sum.sum()
            }
        }
    }
}
