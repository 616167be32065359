package import Neural

/// What each token of a text adds to a lead that a head takes from an encoder's mean-pooled states.
///
/// Integrated gradients from the same text with its words masked: positions, types and special tokens stay, so the
/// baseline is a text of as many words of which nothing is known.
package struct EncoderReasons {
    package var weights: EncoderWeights
    package var head: Linear
    /// The token of an unknown word.
    package var mask: Int32
    package init(weights: EncoderWeights, head: Linear, mask: Int32) { self.weights = weights; self.head = head; self.mask = mask }

    /// - Parameters:
    ///   - isWord: for each token whether it comes from the text; the others stay and get no share.
    ///   - lead: what is to be explained, as coefficients of the logits.
    package func callAsFunction(
        _ ids: [Int32], types: [UInt8]? = nil, isWord: [Bool], lead: [Float]
    ) -> IntegratedGradients {
        let types = types ?? [UInt8](repeating: 0, count: ids.count)
        func embeddings(_ ids: [Int32]) -> Matrix {
            var batch = TokenBatch()
            batch.append(ids, types: types)
            return EncoderPass.embeddings(of: batch, weights)
        }
        let silent = zip(ids, isWord).map { $1 ? mask : $0 }
        return IntegratedGradients(from: embeddings(silent), to: embeddings(ids)) { points in
            samples(points, ids, types, lead)
        }
    }

    /// All points in one pass, as texts of one batch.
    private func samples(
        _ points: [Matrix], _ ids: [Int32], _ types: [UInt8], _ lead: [Float]
    ) -> IntegratedGradients.Samples {
        var batch = TokenBatch()
        for _ in points { batch.append(ids, types: types) }
        let width = weights.shape.width
        let joined = Matrix(rows: batch.tokens, columns: width, values: points.flatMap(\.values))
        let pass = EncoderPass(weights, batch, embeddings: joined)
        let logits = head(MeanPool.forward(pass.hidden, batch))
        // The lead is linear in the logits: its gradient is the same row for each text.
        let slope = Matrix(rows: 1, columns: lead.count, values: lead).times(head.weight)
        let pooled = Matrix(rows: points.count, columns: width, values: points.flatMap { _ in slope.values })
        var unused = weights.trained.zeros
        let gradient = pass.backward(MeanPool.backward(pooled, batch), weights, into: &unused)
        return IntegratedGradients.Samples(
            values: points.indices.map { row in
                lead.indices.reduce(0) { $0 + Double(lead[$1]) * Double(logits[row, $1]) }
            },
            gradients: points.indices.map { row in
                let range = batch[row].lowerBound * width..<batch[row].upperBound * width
                return Matrix(rows: ids.count, columns: width, values: Array(gradient.values[range]))
            })
    }
}
