package import Neural

/// The fast model in floats, as it is trained.
///
/// Tokens are averages of embeddings of word and character n-grams; convolutions of several spans over them, the largest
/// value of each filter over the text, and a linear layer give one logit for each class.
package struct Network: Equatable, Sendable {
    package var embedding: EmbeddingBag
    package var convolutions: [Convolution]
    package var output: Linear

    package init(embedding: EmbeddingBag, convolutions: [Convolution], output: Linear) {
        precondition(convolutions.allSatisfy { $0.inputs == embedding.table.columns })
        precondition(output.weight.columns == convolutions.reduce(0) { $0 + $1.filters })
        self.embedding = embedding
        self.convolutions = convolutions
        self.output = output
    }

    /// The most tokens that a filter sees.
    package var span: Int { convolutions.map(\.span).max() ?? 1 }

    /// The logits of each text.
    package func callAsFunction(_ texts: PackedTokens) -> Matrix {
        let embedded = embedding(texts.bags)
        let pooled = convolutions.map { MaxPool.forward($0(embedded), segments: texts.segments).values }
        return output(Matrix(beside: pooled))
    }
}

/// A batch of texts packed row by row, with padding rows before each text and behind the last.
package struct PackedTokens: Sendable {
    package private(set) var bags = Bags()
    package private(set) var segments: [Range<Int>] = []

    /// - Parameter span: the most rows that a filter sees; none may see two texts.
    package init(_ texts: some Sequence<TextFeatures>, span: Int) {
        func pad() { for _ in 0..<span / 2 { bags.append([]) } }
        pad()
        for text in texts {
            let first = bags.count
            for token in 0..<text.tokens { bags.append(text[token]) }
            segments.append(first..<bags.count)
            pad()
        }
    }
}
