internal import Dispatch
package import Neural
internal import Synchronization

/// Trains an encoder and a head for each task: one task a batch, all tasks in random order.
///
/// One seed and one number of parts give the same weights on the same machine. Nothing is read or written here.
package struct EncoderTrainer {
    /// What is known after a step.
    package struct Progress: Sendable {
        package let step: Int
        package let steps: Int
        /// The mean loss of the last hundred steps.
        package let loss: Double
        /// Tokens read since the start of this run.
        package let tokens: Int
    }

    /// A batch of one task.
    private struct Batch {
        var task: Int
        var items: ArraySlice<Int>
    }

    package let settings: EncoderSettings
    package let tasks: [EncoderTask]
    package var state: EncoderState
    private let base: EncoderWeights
    private let classWeights: [[Float]]
    private let arithmetic: Arithmetic

    package init(
        _ weights: EncoderWeights, tasks: [EncoderTask], settings: EncoderSettings, arithmetic: Arithmetic = .best
    ) throws(TrainingError) {
        if let complaint = settings.complaint { throw .unusable(reason: complaint) }
        for task in tasks {
            guard !task.examples.isEmpty else { throw .unusable(reason: "no example of task \"\(task.name)\"") }
            for example in task.examples + task.validation {
                guard (0..<task.classes).contains(example.label) else {
                    throw .unusable(
                        reason: "label \(example.label) of task \"\(task.name)\", which has \(task.classes)")
                }
            }
        }
        base = weights
        self.tasks = tasks
        self.settings = settings
        self.arithmetic = arithmetic
        classWeights = tasks.map(\.classWeights)
        state = EncoderState(
            trained: weights.trained, classes: tasks.map(\.classes), width: weights.shape.width, seed: settings.seed)
    }

    /// The encoder as it is now.
    package var weights: EncoderWeights {
        var weights = base
        weights.trained = state.trained
        return weights
    }

    /// The steps of each epoch.
    package var stepsOfEpochs: [Int] { (0..<settings.epochs).map { batches(ofEpoch: $0).count } }

    package var steps: Int { stepsOfEpochs.reduce(0, +) }

    /// Goes on to the end of the epoch that `state.step` lies in.
    ///
    /// - Parameter progress: called after each step; throws to stop, and the state is that after the step.
    /// - Returns: the number of the epoch that ended, from 1.
    package mutating func finishEpoch(progress: (Progress) throws -> Void) rethrows -> Int {
        let lengths = stepsOfEpochs
        var epoch = 0
        var first = 0
        while epoch + 1 < lengths.count, state.step >= first + lengths[epoch] {
            first += lengths[epoch]
            epoch += 1
        }
        let total = lengths.reduce(0, +)
        var losses: [Double] = []
        var tokens = 0
        for batch in batches(ofEpoch: epoch).dropFirst(state.step - first) {
            let (loss, count) = step(batch, schedule: settings.schedule(step: state.step, of: total))
            tokens += count
            losses.append(loss)
            if losses.count > 100 { losses.removeFirst() }
            let mean = losses.reduce(0, +) / Double(losses.count)
            try progress(Progress(step: state.step, steps: total, loss: mean, tokens: tokens))
        }
        return epoch + 1
    }

    /// The batches of an epoch in their order, the same whenever asked.
    private func batches(ofEpoch epoch: Int) -> [Batch] {
        var random = SplitMix(seed: settings.seed &+ UInt64(epoch + 1) &* 0x9e37_79b9)
        var batches: [Batch] = []
        for (number, task) in tasks.enumerated() where task.task != nil || epoch < settings.auxiliaryEpochs {
            for _ in 0..<task.repeats {
                let order = Array(task.examples.indices).shuffled(using: &random)
                for start in stride(from: 0, to: order.count, by: settings.batch) {
                    batches.append(
                        Batch(task: number, items: order[start..<min(start + settings.batch, order.count)]))
                }
            }
        }
        batches.shuffle(using: &random)
        return batches
    }

    private mutating func step(_ batch: Batch, schedule: Float) -> (loss: Double, tokens: Int) {
        let task = tasks[batch.task]
        let weights = self.weights
        let parts = settings.parts
        let items = Array(batch.items)
        let results = Parallel.map(parts) { [state, settings, classWeights, arithmetic] part in
            let share = (part * items.count / parts)..<((part + 1) * items.count / parts)
            return EncoderGradient(
                weights, state.heads[batch.task], items[share].map { task.examples[$0] },
                classWeights: classWeights[batch.task].map { $0 * task.weight / Float(items.count) },
                dropout: EncoderPass.Dropout(
                    share: settings.dropout,
                    seed: settings.seed &+ UInt64(state.step * parts + part) &* 0xbf58_476d_1ce4_e5b9),
                arithmetic: arithmetic)
        }
        var sum = results[0]
        for other in results.dropFirst() { sum.add(other) }
        state.apply(sum.encoder, head: batch.task, sum.head, settings: settings, schedule: schedule)
        return (sum.loss / Double(task.weight), items.reduce(0) { $0 + task.examples[$1].ids.count })
    }
}

/// Work on several threads whose results come back in order.
enum Parallel {
    static func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = body(index)
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
