package import Neural

/// The training of an encoder from its first step to its best weights, in epochs.
///
/// A value: who holds it may stop after any step, write ``checkpoint``, and go on from there another day with the same
/// weights at the end.
package struct EncoderCourse {
    package struct Epoch: Sendable {
        /// From 1.
        package let number: Int
        package let marks: EncoderMarks
        /// Whether no epoch before was better in the mean.
        package let isBest: Bool
    }

    package private(set) var trainer: EncoderTrainer
    /// The weights after the best epoch so far.
    private var best: Best?
    private var epochsSinceBest = 0

    private struct Best {
        var mean: Double
        var trained: TrainedWeights
        var heads: [Linear]
    }

    package init(_ trainer: EncoderTrainer) { self.trainer = trainer }

    /// Whether no further epoch would be trained: all are done, or the last ones brought nothing.
    package var hasEnded: Bool {
        trainer.state.step >= trainer.steps || epochsSinceBest >= trainer.settings.patience
    }

    /// Trains to the end of an epoch and measures it.
    ///
    /// - Parameter progress: called after each step; throws to stop, and the course can go on from there.
    package mutating func nextEpoch(progress: (EncoderTrainer.Progress) throws -> Void) rethrows -> Epoch {
        let number = try trainer.finishEpoch(progress: progress)
        let marks = EncoderMarks(
            trainer.weights, tasks: trainer.tasks, heads: trainer.state.heads, arithmetic: trainer.arithmetic)
        let isBest = best.map { marks.mean > $0.mean } ?? true
        if isBest {
            best = Best(mean: marks.mean, trained: trainer.state.trained, heads: trainer.state.heads)
            epochsSinceBest = 0
        } else {
            epochsSinceBest += 1
        }
        return Epoch(number: number, marks: marks, isBest: isBest)
    }

    /// The best weights in the form that is shipped, with their marks.
    package func result(name: String, baseName: String) throws(SafetensorsError) -> EncoderTrainer.Result {
        var trainer = trainer
        if let best {
            trainer.state.trained = best.trained
            trainer.state.heads = best.heads
        }
        return try trainer.result(name: name, baseName: baseName)
    }
}

extension EncoderCourse {
    private static let stepKey = "step"
    private static let recipeKey = "recipe"
    private static let bestKey = "best mean"
    private static let sinceBestKey = "epochs since best"

    /// All that is needed to go on.
    package var checkpoint: Safetensors {
        var file = Safetensors(metadata: [
            Self.stepKey: "\(trainer.state.step)", Self.recipeKey: trainer.recipe,
            Self.sinceBestKey: "\(epochsSinceBest)",
        ])
        func put(_ name: String, _ arrays: [[Float]]) {
            for (index, array) in arrays.enumerated() {
                file.set("\(name).\(index)", shape: [array.count], floats: array)
            }
        }
        put("trained", trainer.state.trained.arrays)
        put("heads", trainer.state.heads.flatMap(\.arrays))
        put("means", trainer.state.optimisers.map(\.means))
        put("squares", trainer.state.optimisers.map(\.squares))
        if let best {
            file.metadata[Self.bestKey] = "\(best.mean.bitPattern)"
            put("best.trained", best.trained.arrays)
            put("best.heads", best.heads.flatMap(\.arrays))
        }
        return file
    }

    /// Goes on from a checkpoint of the same recipe.
    package mutating func restore(_ file: Safetensors) throws(TrainingError) {
        guard file.metadata[Self.recipeKey] == trainer.recipe else {
            throw .unusable(reason: "the checkpoint was made with other texts, settings or another encoder")
        }
        guard let step = file.metadata[Self.stepKey].flatMap({ Int($0) }), (0...trainer.steps).contains(step),
            let since = file.metadata[Self.sinceBestKey].flatMap({ Int($0) }), since >= 0
        else { throw .unusable(reason: "the checkpoint does not say where it stopped") }
        var restored = self
        do throws(SafetensorsError) {
            restored.trainer.state.step = step
            try file.read("trained", into: &restored.trainer.state.trained)
            try file.read("heads", into: &restored.trainer.state.heads)
            for index in restored.trainer.state.optimisers.indices {
                let count = restored.trainer.state.optimisers[index].means.count
                restored.trainer.state.optimisers[index].means = try file.floats("means.\(index)", shape: [count])
                restored.trainer.state.optimisers[index].squares = try file.floats("squares.\(index)", shape: [count])
            }
            restored.epochsSinceBest = since
            if let bits = file.metadata[Self.bestKey].flatMap({ UInt64($0) }) {
                var best = Best(
                    mean: Double(bitPattern: bits), trained: restored.trainer.state.trained,
                    heads: restored.trainer.state.heads)
                try file.read("best.trained", into: &best.trained)
                try file.read("best.heads", into: &best.heads)
                restored.best = best
            }
        } catch {
            throw .unusable(reason: "the checkpoint is broken: \(error)")
        }
        self = restored
    }
}

extension Linear {
    fileprivate var arrays: [[Float]] { [weight.values, bias] }
}

extension Safetensors {
    fileprivate func read(_ name: String, into weights: inout TrainedWeights) throws(SafetensorsError) {
        var index = 0
        var failure: SafetensorsError?
        weights.visit { array, _, _ in
            do throws(SafetensorsError) {
                if failure == nil { array = try floats("\(name).\(index)", shape: [array.count]) }
            } catch { failure = error }
            index += 1
        }
        if let failure { throw failure }
    }

    fileprivate func read(_ name: String, into heads: inout [Linear]) throws(SafetensorsError) {
        for index in heads.indices {
            heads[index].weight.values = try floats(
                "\(name).\(2 * index)", shape: [heads[index].weight.values.count])
            heads[index].bias = try floats("\(name).\(2 * index + 1)", shape: [heads[index].bias.count])
        }
    }
}
