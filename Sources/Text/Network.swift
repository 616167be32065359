package import Neural

/// The fast model in floats, as it is trained.
///
/// Tokens are averages of embeddings of word and character n-grams; a convolution over them, the largest value of each
/// filter over the text, and a linear layer give one logit for each class.
package struct Network: Equatable, Sendable {
    /// Rows that one filter sees.
    package static let span = 3

    package var embedding: EmbeddingBag
    package var convolution: Convolution
    package var output: Linear

    package init(embedding: EmbeddingBag, convolution: Convolution, output: Linear) {
        precondition(convolution.span == Self.span && convolution.inputs == embedding.table.columns)
        precondition(output.weight.columns == convolution.filters)
        self.embedding = embedding
        self.convolution = convolution
        self.output = output
    }

    /// The logits of each text.
    package func callAsFunction(_ texts: PackedTokens) -> Matrix {
        output(MaxPool.forward(convolution(embedding(texts.bags)), segments: texts.segments).values)
    }
}

/// A batch of texts packed row by row: a padding row before each text and one behind the last.
package struct PackedTokens: Sendable {
    package private(set) var bags = Bags()
    package private(set) var segments: [Range<Int>] = []

    package init(_ texts: some Sequence<TextFeatures>) {
        bags.append([])
        for text in texts {
            let first = bags.count
            for token in 0..<text.tokens { bags.append(text[token]) }
            segments.append(first..<bags.count)
            bags.append([])
        }
    }
}
