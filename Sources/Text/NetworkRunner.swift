package import Neural

/// Runs a quantised network over texts in batches, reusing its buffers: one for each thread.
///
/// Up to the pooled values all numbers are whole and below 2^24, where floats are exact: BLAS may add them in any
/// order, with any kernel, and a text gets the same bits in every batch and on every machine.
///
/// The raw pointers of this room's arithmetic stay in this file. Table rows are below `1 << tableBits` by construction
/// of the hash, and all buffers are sized before they are written.
struct NetworkRunner {
    /// Tokens to gather before one product: the windows then fit into a core's second-level cache.
    static let batchTokens = 512

    /// Most posts have fewer; for one with more the memory grows.
    private static let usualTokens = 32

    private let network: QuantisedNetwork
    /// For each token its row: the tokens before, itself, those behind, zeros beyond the text's ends.
    ///
    /// Sized for the texts to come: a whole batch's memory would cost a single text more than its arithmetic.
    private var windows: [Float]
    private var filtered: [Float]
    private var pooled: [Float]
    /// Where each text of the batch ends, in tokens.
    private var ends: [Int] = []
    /// The logits of the texts of the last batch, text by text.
    private(set) var logits: [Float] = []
    /// The pooled values of the same texts; empty unless asked for.
    private(set) var features: [Float] = []
    private let keepsFeatures: Bool
    /// `2^16 · fractions / n` by the number `n` of rows averaged.
    private let shares: [Int32]
    /// The texts of the last batch, in tokens.
    private var texts: [Range<Int>] = []

    /// - Parameters:
    ///   - texts: about how many will come.
    ///   - keepsFeatures: whether `features` are wanted.
    init(
        _ network: QuantisedNetwork, texts: Int = Self.batchTokens,
        keepsFeatures: Bool = false
    ) {
        self.network = network
        self.keepsFeatures = keepsFeatures
        let rows = min(Self.batchTokens + FeatureExtractor.tokenLimit, texts * Self.usualTokens)
        windows = [Float](repeating: 0, count: rows * network.reach)
        filtered = [Float](repeating: 0, count: rows * network.filters)
        pooled = [Float](repeating: 0, count: network.filters)
        shares = (0...Int32(FeatureExtractor.rowLimit)).map { count in
            count == 0 ? 0 : (Int32(QuantisedNetwork.fractions) << 16 + count / 2) / count
        }
    }

    /// Whether the batch should be finished before another text.
    var isFull: Bool { (ends.last ?? 0) >= Self.batchTokens }

    /// Adds a text to the batch.
    ///
    /// A token may be left out, to see what it was worth.
    mutating func append(_ features: TextFeatures, without left: Int? = nil) {
        precondition(features.tokens <= FeatureExtractor.tokenLimit && !isFull, "\(features.tokens) tokens at once")
        let start = ends.last ?? 0
        let width = network.width
        let (span, reach) = (network.span, network.reach)
        windows.grow(to: (start + features.tokens) * reach)
        windows.withUnsafeMutableBytes { windows in
            Self.withRows(network.table, features.rows) { table, rows in
                var rowStart = 0
                for token in 0..<features.tokens {
                    let rowEnd = features.ends[token]
                    let share = shares[rowEnd - rowStart]
                    if token == left { rowStart = rowEnd }
                    for column in stride(from: 0, to: width, by: 16) {
                        var sum = SIMD16<Int16>.zero
                        for index in rowStart..<rowEnd {
                            let offset = Int(rows[index]) &* width &+ column
                            let values = table.loadUnaligned(fromByteOffset: offset, as: SIMD16<Int8>.self)
                            sum &+= SIMD16<Int16>(truncatingIfNeeded: values)
                        }
                        let wide = SIMD16<Int32>(truncatingIfNeeded: sum) &* share &+ (1 << 15)
                        let value = SIMD16<Float>(wide &>> 16)
                        for slot in 0..<span {
                            // The row that sees this token there, and whether this token's row sees one there.
                            let seeing = token + span / 2 - slot
                            let seen = token - span / 2 + slot
                            let place = slot * width + column
                            if seeing >= 0 && seeing < features.tokens {
                                windows.storeBytes(
                                    of: value, toByteOffset: ((start + seeing) * reach + place) * 4,
                                    as: SIMD16<Float>.self)
                            }
                            if seen < 0 || seen >= features.tokens {
                                windows.storeBytes(
                                    of: .zero, toByteOffset: ((start + token) * reach + place) * 4,
                                    as: SIMD16<Float>.self)
                            }
                        }
                    }
                    rowStart = rowEnd
                }
            }
        }
        ends.append(start + features.tokens)
    }

    private static func withRows(
        _ table: [Int8], _ rows: [UInt32], _ body: (UnsafeRawBufferPointer, UnsafeBufferPointer<UInt32>) -> Void
    ) {
        table.withUnsafeBytes { table in rows.withUnsafeBufferPointer { rows in body(table, rows) } }
    }

    /// Replaces `logits` by those of the appended texts and begins an empty batch.
    mutating func finish() {
        logits.removeAll(keepingCapacity: true)
        features.removeAll(keepingCapacity: true)
        texts.removeAll(keepingCapacity: true)
        filtered.grow(to: (ends.last ?? 0) * network.filters)
        Vector.multiply(
            windows, rows: ends.last ?? 0, inner: network.reach, network.kernel,
            columns: network.filters, into: &filtered)
        var start = 0
        for end in ends {
            pool(start..<end)
            if keepsFeatures { features += pooled }
            for choice in 0..<network.classes {
                var sum = network.outputBiases[choice]
                for filter in 0..<network.filters {
                    sum += network.outputWeights[choice * network.filters + filter] * pooled[filter]
                }
                logits.append(sum)
            }
            texts.append(start..<end)
            start = end
        }
        ends.removeAll(keepingCapacity: true)
    }

    /// What each token of a text of the last batch adds to each logit, `[tokens, classes]`; valid until more are appended.
    func contributions(ofText text: Int, _ contributions: TokenContributions) -> [Float] {
        contributions(texts[text], windows: windows, filtered: filtered)
    }

    /// The largest sum of each filter over the tokens, scaled, with its bias, and at least 0.
    private mutating func pool(_ tokens: Range<Int>) {
        let filters = network.filters
        pooled.withUnsafeMutableBufferPointer { pooled in
            filtered.withUnsafeBufferPointer { filtered in
                guard let first = tokens.first else {
                    for filter in 0..<filters { pooled[filter] = 0 }
                    return
                }
                for filter in 0..<filters { pooled[filter] = filtered[first &* filters &+ filter] }
                for token in tokens.dropFirst() {
                    let row = token &* filters
                    for filter in 0..<filters {
                        let value = filtered[row &+ filter]
                        pooled[filter] = value > pooled[filter] ? value : pooled[filter]
                    }
                }
                for filter in 0..<filters {
                    let value = pooled[filter] * network.kernelScales[filter] + network.kernelBiases[filter]
                    pooled[filter] = value > 0 ? value : 0
                }
            }
        }
    }
}

extension QuantisedNetwork {
    /// The logits of texts whose features are at hand, a row for each.
    package func logits(of texts: [TextFeatures]) -> Matrix {
        var runner = NetworkRunner(self)
        var values: [Float] = []
        for text in texts {
            runner.append(text)
            if runner.isFull {
                runner.finish()
                values += runner.logits
            }
        }
        runner.finish()
        values += runner.logits
        return Matrix(rows: texts.count, columns: classes, values: values)
    }
}

extension [Float] {
    /// Adds zeros until there are as many.
    fileprivate mutating func grow(to count: Int) {
        if self.count < count { append(contentsOf: repeatElement(0, count: count - self.count)) }
    }
}
