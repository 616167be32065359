/// What a deep model answers to one task about one text.
package struct TaskScore: Equatable, Sendable {
    /// Calibrated, in the order of the task's classes.
    package let probabilities: [Float]
    /// The chosen class, which prefers rare classes as the task's mark does.
    package let label: Int

    package init(probabilities: [Float], label: Int) {
        self.probabilities = probabilities
        self.label = label
    }
}

/// What a deep model answers about one text.
package struct TextScores: Equatable, Sendable {
    private var scores: [TextTask: TaskScore] = [:]

    package init() {}

    /// `nil` for a task that the model does not have, or that needs a target.
    package subscript(task: TextTask) -> TaskScore? {
        get { scores[task] }
        set { scores[task] = newValue }
    }
}
