/// What each token of a text adds to each logit of the fast model: integrated gradients from zeros to the text.
///
/// On that way all sums of a filter grow in proportion, so the same token wins its maximum from beginning to end, and
/// the integral has a closed form: the part of the way on which the filter is above zero, times what each row of the
/// winning window brings. The contributions of a text add up to the logits' distance from those of the zeros.
///
/// The raw pointers of this arithmetic stay in this file; the call checks the sizes.
struct TokenContributions {
    private static let lanes = 16

    private let network: QuantisedNetwork
    /// The kernel by filters, `[filters, span · width]`, so that a filter's weights lie side by side.
    private let kernel: [Float]
    /// The weights of the output by filters, `[filters, classes]`.
    private let weights: [Float]
    /// The logits that contributions count from: those of a text whose tokens are all zeros.
    let baseline: [Float]

    init(_ network: QuantisedNetwork) {
        self.network = network
        let (filters, classes) = (network.filters, network.classes)
        kernel = Self.transposed(network.kernel, rows: network.reach, columns: filters)
        weights = Self.transposed(network.outputWeights, rows: classes, columns: filters)
        baseline = (0..<classes).map { choice in
            (0..<filters).reduce(network.outputBiases[choice]) { sum, filter in
                sum + network.outputWeights[choice * filters + filter] * max(network.kernelBiases[filter], 0)
            }
        }
    }

    /// `[tokens, classes]`.
    ///
    /// - Parameters:
    ///   - tokens: one text's rows of both matrices.
    ///   - windows: `[tokens, span · width]`.
    ///   - filtered: `[tokens, filters]`, the product of windows and kernel.
    func callAsFunction(_ tokens: Range<Int>, windows: [Float], filtered: [Float]) -> [Float] {
        let (filters, classes, width) = (network.filters, network.classes, network.width)
        let reach = network.reach
        precondition(
            filtered.count >= tokens.upperBound * filters && windows.count >= tokens.upperBound * reach,
            "tokens \(tokens) are not in the batch")
        var result = [Float](repeating: 0, count: tokens.count * classes)
        guard let first = tokens.first else { return result }
        let (winners, sums) = winners(tokens, filtered)
        windows.withUnsafeBytes { windows in
            kernel.withUnsafeBytes { kernel in
                for filter in 0..<filters {
                    let share = share(filter, sum: sums[filter])
                    guard share > 0 else { continue }
                    for offset in 0..<network.span {
                        let token = Int(winners[filter]) + offset - network.span / 2
                        // Beyond the text's ends the windows hold zeros.
                        guard tokens.contains(token) else { continue }
                        let left = (Int(winners[filter]) * reach + offset * width) * 4
                        let right = (filter * reach + offset * width) * 4
                        var products = SIMD16<Float>.zero
                        for column in stride(from: 0, to: width * 4, by: Self.lanes * 4) {
                            products +=
                                windows.loadUnaligned(fromByteOffset: left + column, as: SIMD16<Float>.self)
                                * kernel.loadUnaligned(fromByteOffset: right + column, as: SIMD16<Float>.self)
                        }
                        // Whole numbers below 2^24: the same in any order.
                        let value = products.sum() * share
                        let place = (token - first) * classes
                        for choice in 0..<classes {
                            result[place + choice] += weights[filter * classes + choice] * value
                        }
                    }
                }
            }
        }
        return result
    }

    /// The token with each filter's largest sum, the first of equals, and that sum.
    private func winners(_ tokens: Range<Int>, _ filtered: [Float]) -> (tokens: [Int32], sums: [Float]) {
        let filters = network.filters
        var winners = [Int32](repeating: Int32(tokens.lowerBound), count: filters)
        var sums = Array(filtered[tokens.lowerBound * filters..<(tokens.lowerBound + 1) * filters])
        filtered.withUnsafeBufferPointer { filtered in
            winners.withUnsafeMutableBufferPointer { winners in
                sums.withUnsafeMutableBufferPointer { sums in
                    for token in tokens.dropFirst() {
                        let row = token &* filters
                        for filter in 0..<filters {
                            let value = filtered[row &+ filter]
                            let isLarger = value > sums[filter]
                            sums[filter] = isLarger ? value : sums[filter]
                            winners[filter] = isLarger ? Int32(truncatingIfNeeded: token) : winners[filter]
                        }
                    }
                }
            }
        }
        return (winners, sums)
    }

    /// What one unit of a filter's winning sum is worth: its scale, times the part of the way that it is above zero.
    private func share(_ filter: Int, sum: Float) -> Float {
        let (scale, bias) = (network.kernelScales[filter], network.kernelBiases[filter])
        let end = sum * scale
        if end + bias > 0 { return bias >= 0 ? scale : scale * (end + bias) / end }
        return bias > 0 ? scale * bias / -end : 0
    }

    private static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
        var result = [Float](repeating: 0, count: values.count)
        for row in 0..<rows {
            for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
        }
        return result
    }
}
