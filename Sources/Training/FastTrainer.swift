import Neural
package import Text

/// Trains the fast model from labelled texts: network, early stopping, calibration, rounding to 8 bits.
///
/// One seed gives the same weights on the same machine. Nothing is read or written here.
package struct FastTrainer: Sendable {
    package struct Settings: Codable, Equatable, Sendable {
        package var features = FeatureSettings()
        package var width = 48
        package var filters = 96
        package var batch = 32
        package var epochs = 5
        /// Epochs without a better validation mark before training ends.
        package var patience = 2
        /// The first step size of dense parameters and of embeddings; both fall to nothing over the epochs.
        package var rate: Float = 0.002
        package var embeddingRate: Float = 0.05
        /// The share of pooled values left out of each training step, so that no filter is relied upon alone.
        package var dropout: Float = 0.5
        /// The share of tokens left out of each training step.
        package var tokenDropout: Float = 0.2
        /// How far rare classes are preferred when a label is chosen: 0 chooses the most probable, 1 as if all
        /// classes were equally frequent, 0.5 is halfway (shares by their square root).
        ///
        /// Probabilities always keep the class shares of the validation data, so that sums of them are right on
        /// average.
        package var balance: Float = 0.5
        package var seed: UInt64 = 1

        package init() {}
    }

    /// What is known after an epoch.
    package struct Progress: Equatable, Sendable {
        package let epoch: Int
        package let trainingLoss: Double
        /// Of the validation texts, calibrated as the shipped model would be.
        package let macroRecall: Double
        package let accuracy: Double
        /// Mean over the validation texts, weighted as the calibration is.
        package let logLoss: Double
        package let isBest: Bool
    }

    package struct Result: Sendable {
        package let configuration: ModelConfiguration
        package let network: QuantisedNetwork
        package let best: Progress
        /// Macro recall before rounding to 8 bits; that of `best` is measured after it.
        package let macroRecallInFloats: Double
        /// Examples trained on, and those left out because they are validation texts.
        package fileprivate(set) var examples = 0
        package fileprivate(set) var overlapping = 0
    }

    private let settings: Settings

    package init(settings: Settings = Settings()) { self.settings = settings }

    /// Texts that also are validation texts are left out of training.
    ///
    /// - `name` and `classes` go into the configuration; labels are indices of `classes`.
    /// - `progress` is called after each epoch and may throw to stop.
    package func train(
        name: String, classes: [String], examples: [LabelledText], validation: [LabelledText],
        auxiliary: [AuxiliaryTask] = [], progress: (Progress) throws -> Void = { _ in }
    ) throws(TrainingError) -> Result {
        try check(classes, examples, validation, auxiliary)
        let overlap = OverlapGuard(validation: validation)
        let examplesGiven = examples.count
        let examples = overlap.cleared(examples)
        try check(classes, examples, validation, auxiliary)
        var tasks = [
            task(examples, classes: classes.count, weights: Judge.importance(of: examples, classes.count, power: 1))
        ]
        for extra in auxiliary {
            let cleared = overlap.cleared(extra.examples)
            let weights = [Float](repeating: extra.weight, count: cleared.count)
            tasks.append(task(cleared, classes: extra.classes, weights: weights))
        }
        var trainer = NetworkTrainer(classes: tasks.map(\.classes), settings: settings)
        let judge = Judge(validation, classes: classes.count, settings: settings)
        var best: (network: Network, progress: Progress)?
        for epoch in 0..<settings.epochs {
            let loss = trainer.epoch(tasks, rate: 1 - Float(epoch) / Float(settings.epochs))
            let mark = judge.mark(trainer.network(judge.packed))
            let state = Progress(
                epoch: epoch + 1, trainingLoss: loss, macroRecall: mark.confusion.macroRecall,
                accuracy: mark.confusion.accuracy, logLoss: mark.logLoss,
                isBest: mark.confusion.macroRecall > best?.progress.macroRecall ?? -1)
            if state.isBest { best = (trainer.network, state) }
            do { try progress(state) } catch { throw .stopped(epoch: epoch + 1) }
            if let best, epoch + 1 - best.progress.epoch >= settings.patience { break }
        }
        guard let best else { throw .unusable(reason: "no epoch to train") }
        var result = finish(best.network, best.progress, judge, name: name, classes: classes)
        result.examples = examples.count
        result.overlapping = examplesGiven - examples.count
        return result
    }

    /// Rounds the network, then calibrates the rounded one.
    private func finish(
        _ network: Network, _ progress: Progress, _ judge: Judge, name: String, classes: [String]
    ) -> Result {
        let rounded = QuantisedNetwork(network)
        let mark = judge.mark(rounded.logits(of: judge.features))
        return Result(
            configuration: ModelConfiguration(
                name: name, classes: classes, features: settings.features, width: settings.width,
                filters: settings.filters, calibration: mark.calibration),
            network: rounded,
            best: Progress(
                epoch: progress.epoch, trainingLoss: progress.trainingLoss, macroRecall: mark.confusion.macroRecall,
                accuracy: mark.confusion.accuracy, logLoss: mark.logLoss, isBest: true),
            macroRecallInFloats: progress.macroRecall)
    }

    private func task(_ examples: [LabelledText], classes: Int, weights: [Float]) -> NetworkTrainer.Task {
        var extractor = FeatureExtractor(settings: settings.features)
        return NetworkTrainer.Task(
            texts: examples.map { extractor.features(of: $0.text) }, labels: examples.map(\.label), weights: weights,
            classes: classes)
    }

    private func check(
        _ classes: [String], _ examples: [LabelledText], _ validation: [LabelledText], _ auxiliary: [AuxiliaryTask]
    ) throws(TrainingError) {
        let configuration = ModelConfiguration(
            name: "", classes: classes, features: settings.features, width: settings.width, filters: settings.filters,
            calibration: Calibration(biases: classes.map { _ in 0 }))
        if let reason = settings.complaint ?? configuration.complaint { throw .unusable(reason: reason) }
        guard !examples.isEmpty, !validation.isEmpty else {
            throw .unusable(reason: "no examples, or none to validate")
        }
        for example in examples + validation where !classes.indices.contains(example.label) {
            throw .unusable(reason: "label \(example.label) is none of the \(classes.count) classes")
        }
        for label in classes.indices where !examples.contains(where: { $0.label == label }) {
            throw .unusable(reason: "no example of class \"\(classes[label])\"")
        }
        for task in auxiliary where !task.examples.allSatisfy({ (0..<AuxiliaryTask.classLimit).contains($0.label) }) {
            throw .unusable(reason: "a label of task \"\(task.name)\" is not from 0 to \(AuxiliaryTask.classLimit - 1)")
        }
    }
}

/// Why a model cannot be trained, or was not.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
    case unusable(reason: String)
    /// The progress callback threw.
    case stopped(epoch: Int)

    package var description: String {
        switch self {
        case .unusable(let reason): "cannot train: \(reason)"
        case .stopped(let epoch): "training was stopped after epoch \(epoch)"
        }
    }
}

extension FastTrainer.Settings {
    /// What cannot be trained with these settings, if anything.
    var complaint: String? {
        if batch < 1 || epochs < 1 || patience < 1 { return "batch, epochs and patience must be at least 1" }
        if !(0..<1).contains(dropout) || !(0..<1).contains(tokenDropout) { return "dropout must be from 0 to below 1" }
        if !(0...1).contains(balance) { return "balance must be from 0 to 1" }
        if rate <= 0 || embeddingRate <= 0 { return "rates must be above 0" }
        return nil
    }
}
