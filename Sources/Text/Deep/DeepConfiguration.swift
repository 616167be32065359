/// The part of a deep model that is not weights: `config.json` beside them.
package struct DeepConfiguration: Codable, Equatable, Sendable {
    /// Raised when the reading of texts or the arithmetic change, so that old weights are refused and not misread.
    package static let currentFormat = 1

    /// The encoder that the trained differences belong to.
    package struct Base: Codable, Equatable, Sendable {
        /// Its folder's name on the model shelf.
        package var name: String
        /// Over its weights; see ``EncoderWeights/fingerprint``.
        package var fingerprint: String

        package init(name: String, fingerprint: String) {
            self.name = name
            self.fingerprint = fingerprint
        }
    }

    package struct Task: Codable, Equatable, Sendable {
        package var task: TextTask
        package var calibration: Calibration
        /// The task's official mark on its validation texts when it was trained, 0 to 1.
        package var validationMark: Double

        package init(task: TextTask, calibration: Calibration, validationMark: Double) {
            self.task = task
            self.calibration = calibration
            self.validationMark = validationMark
        }
    }

    package var format = currentFormat
    package var name: String
    package var base: Base
    /// Longer texts are cut.
    package var tokenLimit: Int
    package var tasks: [Task]
    /// In a cascade, texts go on to this model whose fast answer is less probable than this, in millionths.
    package var cascadeBelow: Int?
    /// A post at least so probably ironic is not counted as praise, in millionths.
    package var ironyFrom: Int?

    package init(name: String, base: Base, tokenLimit: Int, tasks: [Task]) {
        self.name = name
        self.base = base
        self.tokenLimit = tokenLimit
        self.tasks = tasks
    }

    /// What is wrong with it, if anything.
    var complaint: String? {
        if format != Self.currentFormat { return "format \(format), this program reads \(Self.currentFormat)" }
        if !(8...4096).contains(tokenLimit) { return "a token limit of \(tokenLimit), 8 to 4096 are possible" }
        if tasks.isEmpty || Set(tasks.map(\.task)).count < tasks.count { return "no task, or one twice" }
        for task in tasks {
            let numbers = task.calibration.biases + task.calibration.preferences + [task.calibration.scale]
            let counts = [task.calibration.biases.count, task.calibration.preferences.count]
            let classes = task.task.classes.count
            if counts != [classes, classes] || !numbers.allSatisfy(\.isFinite) {
                return "the calibration of \(task.task.rawValue) does not fit \(classes) classes"
            }
        }
        for share in [cascadeBelow, ironyFrom].compactMap(\.self) where !(0...1_000_001).contains(share) {
            return "a threshold of \(share) millionths"
        }
        return nil
    }
}
