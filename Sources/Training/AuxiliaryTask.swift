/// A second question about other texts, asked of the same network so that its embeddings see more language.
///
/// Its head is thrown away after training.
package struct AuxiliaryTask: Sendable {
    /// A head of more classes than this is a mistake in a label file.
    package static let classLimit = 1000

    package var name: String
    package var examples: [LabelledText]
    /// What a loss here counts, against 1 for the main task.
    package var weight: Float

    package init(name: String, examples: [LabelledText], weight: Float = 1) {
        self.name = name
        self.examples = examples
        self.weight = weight
    }

    package var classes: Int { (examples.map(\.label).max() ?? 0) + 1 }
}
