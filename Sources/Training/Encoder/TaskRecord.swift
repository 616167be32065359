package import Text

/// One line of a task's file: a text with its class, or with the names of its emotions, perhaps about a target.
package struct TaskRecord: Decodable, Equatable, Sendable {
    package var text: String
    package var label: Int?
    package var labels: [String]?
    package var target: String?

    package init(text: String, label: Int? = nil, labels: [String]? = nil, target: String? = nil) {
        self.text = text
        self.label = label
        self.labels = labels
        self.target = target
    }
}

/// The texts of one task before an encoder's tokenizer has seen them.
package struct TaskRecords: Sendable {
    package var name: String
    /// `nil` for an auxiliary task.
    package var task: TextTask?
    package var training: [TaskRecord]
    package var validation: [TaskRecord]

    package init(name: String, task: TextTask?, training: [TaskRecord], validation: [TaskRecord] = []) {
        self.name = name
        self.task = task
        self.training = training
        self.validation = validation
    }
}
