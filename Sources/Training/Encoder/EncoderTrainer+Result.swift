package import Neural
package import Text

extension EncoderTrainer {
    package struct Result: Sendable {
        package let folder: DeepFolder
        /// Of the weights as they are in the folder, rounded.
        package let marks: EncoderMarks
    }

    /// Rounds what was learned to the form that is shipped, then calibrates that.
    package func result(name: String, baseName: String) throws(SafetensorsError) -> Result {
        let named = zip(tasks, state.heads).compactMap { task, head in task.task.map { ($0, head) } }
        let weights = DeepDelta.file(from: base.trained, to: state.trained, heads: named)
        var rounded = base
        rounded.trained = try DeepDelta.apply(weights, to: base.trained)
        let marks = EncoderMarks(rounded, tasks: tasks, heads: state.heads, arithmetic: arithmetic)
        let configuration = DeepConfiguration(
            name: name, base: DeepConfiguration.Base(name: baseName, fingerprint: base.fingerprint),
            tokenLimit: settings.tokenLimit,
            tasks: marks.marks.map {
                DeepConfiguration.Task(task: $0.task, calibration: $0.calibration, validationMark: $0.mark)
            })
        return Result(folder: DeepFolder(configuration: configuration, weights: weights), marks: marks)
    }
}
