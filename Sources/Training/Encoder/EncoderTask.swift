package import Text

/// The texts of one task as an encoder reads them.
package struct EncoderTask: Sendable {
    package struct Example: Sendable {
        package var ids: [Int32]
        package var types: [UInt8]
        package var label: Int

        package init(ids: [Int32], types: [UInt8], label: Int) {
            self.ids = ids
            self.types = types
            self.label = label
        }
    }

    package var name: String
    /// `nil` for a task that only shows the encoder more language: its head is thrown away.
    package var task: TextTask?
    package var classes: Int
    package var examples: [Example]
    /// Empty for an auxiliary task.
    package var validation: [Example]
    /// How often its examples are seen in an epoch.
    package var repeats: Int
    /// What a loss here counts.
    package var weight: Float

    package init(
        name: String, task: TextTask?, classes: Int, examples: [Example], validation: [Example] = [], repeats: Int = 1,
        weight: Float = 1
    ) {
        self.name = name
        self.task = task
        self.classes = classes
        self.examples = examples
        self.validation = validation
        self.repeats = repeats
        self.weight = weight
    }

    /// The weight of each class: the square root of its inverse share, 1 in the mean over the examples.
    ///
    /// Halfway between counting examples alike and counting classes alike.
    var classWeights: [Float] {
        var counts = [Float](repeating: 0, count: classes)
        for example in examples { counts[example.label] += 1 }
        let raw = counts.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
        let mean = zip(raw, counts).reduce(0) { $0 + $1.0 * $1.1 } / Float(max(examples.count, 1))
        return raw.map { mean > 0 ? $0 / mean : 1 }
    }
}
