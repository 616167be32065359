import Neural
package import Text

/// Trains the fast model from labelled texts: network, early stopping, calibration, rounding to 8 bits.
///
/// One seed gives the same weights on the same machine. Nothing is read or written here.
package struct FastTrainer: Sendable {
    /// Filters of one span: how many tokens each sees, and how many there are.
    package struct Filters: Codable, Equatable, Sendable {
        package var span: Int
        package var count: Int

        package init(span: Int, count: Int) {
            self.span = span
            self.count = count
        }
    }

    package struct Settings: Codable, Equatable, Sendable {
        package var features = FeatureSettings()
        package var width = 48
        package var filters = [Filters(span: 1, count: 64), Filters(span: 3, count: 96), Filters(span: 5, count: 64)]
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
        /// The teacher's part in what is wanted of an example that it has answered; the label has the rest.
        package var trust: Float = 0.5
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
        /// Texts trained on, and those left out because they are validation texts.
        package fileprivate(set) var examples = 0
        package fileprivate(set) var overlapping = 0
    }

    private let settings: Settings

    package init(settings: Settings = Settings()) { self.settings = settings }

    /// Texts that also are validation texts are left out of training.
    ///
    /// - `name` and `classes` go into the configuration; labels are indices of `classes`.
    /// - `taught` are texts with a teacher's answers. One that is an example as well adds to what is wanted of the
    ///   example, by `settings.trust`; any other is trained on like an example, towards the answer.
    /// - `progress` is called after each epoch and may throw to stop.
    package func train(
        name: String, classes: [String], examples: [LabelledText], validation: [LabelledText],
        taught: [TaughtText] = [], auxiliary: [AuxiliaryTask] = [], progress: (Progress) throws -> Void = { _ in }
    ) throws(TrainingError) -> Result {
        try check(classes, examples, validation, taught, auxiliary)
        let overlap = OverlapGuard(validation: validation)
        let examplesGiven = examples.count + taught.count
        let examples = overlap.cleared(examples)
        let taught = taught.filter { !overlap.isKnown($0.text) }
        try check(classes, examples, validation, taught, auxiliary)
        var tasks = [main(examples, taught, classes: classes.count)]
        for extra in auxiliary { tasks.append(side(extra, overlap.cleared(extra.examples))) }
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
        result.examples = tasks[0].texts.count
        result.overlapping = examplesGiven - examples.count - taught.count
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
                name: name, classes: classes, features: settings.features, width: settings.width, span: settings.span,
                filters: settings.filterCount, calibration: mark.calibration),
            network: rounded,
            best: Progress(
                epoch: progress.epoch, trainingLoss: progress.trainingLoss, macroRecall: mark.confusion.macroRecall,
                accuracy: mark.confusion.accuracy, logLoss: mark.logLoss, isBest: true),
            macroRecallInFloats: progress.macroRecall)
    }

    /// The examples, and what the teacher says of them and of other texts.
    private func main(_ examples: [LabelledText], _ taught: [TaughtText], classes: Int) -> NetworkTrainer.Task {
        let importance = Judge.importance(of: examples, classes, power: 1)
        var answers = Dictionary(taught.map { ($0.text, $0.probabilities) }) { first, _ in first }
        var targets = Targets(classes: classes)
        for example in examples {
            let trust = answers[example.text] == nil ? 0 : settings.trust
            let answer = answers[example.text] ?? []
            targets.add(
                (0..<classes).map { label in
                    (label == example.label ? 1 - trust : 0) + (trust > 0 ? trust * answer[label] : 0)
                }, importance: importance)
        }
        for example in examples { answers[example.text] = nil }
        let others = taught.filter { answers.removeValue(forKey: $0.text) != nil }
        for text in others { targets.add(text.probabilities, importance: importance) }
        return NetworkTrainer.Task(
            texts: features(of: examples.map(\.text) + others.map(\.text)), targets: targets, classes: classes)
    }

    private func side(_ task: AuxiliaryTask, _ examples: [LabelledText]) -> NetworkTrainer.Task {
        let alike = [Float](repeating: 1, count: task.classes)
        var targets = Targets(classes: task.classes)
        for example in examples { targets.add(label: example.label, importance: alike, weight: task.weight) }
        return NetworkTrainer.Task(texts: features(of: examples.map(\.text)), targets: targets, classes: task.classes)
    }

    private func features(of texts: [String]) -> [TextFeatures] {
        var extractor = FeatureExtractor(settings: settings.features)
        return texts.map { extractor.features(of: $0) }
    }

    private func check(
        _ classes: [String], _ examples: [LabelledText], _ validation: [LabelledText], _ taught: [TaughtText],
        _ auxiliary: [AuxiliaryTask]
    ) throws(TrainingError) {
        let configuration = ModelConfiguration(
            name: "", classes: classes, features: settings.features, width: settings.width, span: settings.span,
            filters: settings.filterCount,
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
        guard taught.allSatisfy({ $0.fits(classes: classes.count) }) else {
            throw .unusable(reason: "a taught text without a probability for each of the \(classes.count) classes")
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
    /// The most tokens that a filter sees.
    var span: Int { filters.map(\.span).max() ?? 0 }

    var filterCount: Int { filters.reduce(0) { $0 + $1.count } }

    /// What cannot be trained with these settings, if anything.
    var complaint: String? {
        if filters.contains(where: { $0.span < 1 || $0.span % 2 == 0 || $0.count < 1 }) {
            return "filters see an odd number of tokens, and there are some of each span"
        }
        if batch < 1 || epochs < 1 || patience < 1 { return "batch, epochs and patience must be at least 1" }
        if !(0..<1).contains(dropout) || !(0..<1).contains(tokenDropout) { return "dropout must be from 0 to below 1" }
        if !(0...1).contains(balance) { return "balance must be from 0 to 1" }
        if !(0...1).contains(trust) { return "trust must be from 0 to 1" }
        if rate <= 0 || embeddingRate <= 0 { return "rates must be above 0" }
        return nil
    }
}
