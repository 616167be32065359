internal import Neural

/// What each token of a text adds to a lead that a head takes from the mean of an encoder's last states.
///
/// Integrated gradients from the same text with padding for its words: positions, types and special tokens stay, so the
/// baseline is a text of as many words that say nothing. Of the baselines tried (padding, mask, unknown word) this one
/// needs the fewest steps, and deleting the heaviest word moves the lead most often.
struct EncoderReasons {
    let weights: EncoderWeights
    let head: Linear

    /// - Parameters:
    ///   - types: of the tokens; see `TokenBatch`.
    ///   - isWord: for each token whether it is to be explained; the others stay and have no share.
    ///   - lead: what is to be explained, as coefficients of the logits.
    func callAsFunction(_ ids: [Int32], types: [UInt8], isWord: [Bool], lead: Lead) -> IntegratedGradients {
        func embeddings(_ ids: [Int32]) -> Matrix {
            var batch = TokenBatch()
            batch.append(ids, types: types)
            return EncoderPass.embeddings(of: batch, weights)
        }
        let silent = zip(ids, isWord).map { $1 ? weights.shape.padding : $0 }
        return IntegratedGradients(from: embeddings(silent), to: embeddings(ids)) { points in
            samples(points, ids, types, lead)
        }
    }

    /// All points in one pass, as texts of one batch.
    ///
    /// In 32-bit floats: rounded to 16 bits, values would differ by more than the shares may miss.
    private func samples(
        _ points: [Matrix], _ ids: [Int32], _ types: [UInt8], _ lead: Lead
    ) -> IntegratedGradients.Samples {
        var batch = TokenBatch()
        for _ in points { batch.append(ids, types: types) }
        let width = weights.shape.width
        let embeddings = Matrix(rows: batch.tokens, columns: width, values: points.flatMap(\.values))
        let pass = EncoderPass(weights, batch, embeddings: embeddings, arithmetic: .blas)
        let logits = head(MeanPool.forward(pass.hidden, batch))
        // The lead is linear in the logits: its gradient is the same row for each text.
        let slope = Matrix(rows: 1, columns: lead.coefficients.count, values: lead.coefficients).times(head.weight)
        let slopes = Matrix(rows: points.count, columns: width, values: points.flatMap { _ in slope.values })
        var unused = weights.trained.zeros
        let gradient = pass.backward(MeanPool.backward(slopes, batch), weights, into: &unused)
        return IntegratedGradients.Samples(
            values: points.indices.map { row in lead((0..<logits.columns).map { logits[row, $0] }) },
            gradients: points.indices.map { row in
                let range = batch[row].lowerBound * width..<batch[row].upperBound * width
                return Matrix(rows: ids.count, columns: width, values: Array(gradient.values[range]))
            })
    }
}

extension EncoderShape {
    /// The token that fills up batches elsewhere: RoBERTa counts positions from behind it.
    fileprivate var padding: Int32 { Int32(max(firstPosition - 1, 0)) }
}
