import Harness
import Neural
import Testing
import Text
import Training

@Suite struct EncoderCourseTests {
    /// Texts whose class is told by one word: 5 or 6 for the first class, 7 or 8 for the second.
    private static func task(_ seed: UInt64, texts: Int = 160, task: TextTask? = .irony) -> EncoderTask {
        var random = SplitMix(seed: seed)
        func examples(_ count: Int) -> [EncoderTask.Example] {
            (0..<count).map { _ in
                let label = Int(random.next() % 2)
                let telling = Int32(5 + 2 * label) + Int32(random.next() % 2)
                var ids: [Int32] = (0..<random.next() % 6).map { _ in 9 + Int32(random.next() % 12) }
                ids.insert(telling, at: Int(random.next() % UInt64(ids.count + 1)))
                ids = [2] + ids + [3]
                return EncoderTask.Example(ids: ids, types: ids.map { _ in 0 }, label: label)
            }
        }
        return EncoderTask(
            name: task?.rawValue ?? "more", task: task, classes: 2, examples: examples(texts),
            validation: task == nil ? [] : examples(60))
    }

    private static func settings(_ change: (inout EncoderSettings) -> Void = { _ in }) -> EncoderSettings {
        var settings = EncoderSettings()
        (settings.epochs, settings.batch, settings.rate, settings.headRate) = (3, 8, 3e-3, 1e-2)
        change(&settings)
        return settings
    }

    private static func course(_ settings: EncoderSettings = settings(), seed: UInt64 = 3) throws -> EncoderCourse {
        EncoderCourse(
            try EncoderTrainer(
                TinyEncoder.weights(seed: seed), tasks: [task(1), task(2, task: nil)], settings: settings,
                arithmetic: .blas))
    }

    private struct Stop: Error {}

    @Test func aWordThatTellsTheClassIsLearned() throws {
        var course = try Self.course()
        var epochs: [EncoderCourse.Epoch] = []
        while !course.hasEnded { epochs.append(course.nextEpoch { _ in }) }
        let best = epochs.map(\.marks.mean).max() ?? 0
        #expect(best > 0.95)
        #expect(epochs.filter(\.isBest).map(\.marks.mean).last == best)
        // The folder's weights are rounded: little may be lost by it.
        let result = try course.result(name: "mine", baseName: "tiny")
        #expect(result.marks.mean > best - 0.05)
        #expect(result.folder.configuration.tasks.map(\.task) == [.irony])
    }

    @Test(arguments: [5, 41, 77]) func whoStopsAndGoesOnEndsWithTheSameWeights(step: Int) throws {
        var whole = try Self.course()
        while !whole.hasEnded { _ = whole.nextEpoch { _ in } }
        var stopped = try Self.course()
        do {
            while !stopped.hasEnded {
                _ = try stopped.nextEpoch { progress in if progress.step == step { throw Stop() } }
            }
            Issue.record("did not stop at step \(step)")
        } catch is Stop {}
        #expect(stopped.trainer.state.step == step)
        // By way of a file, as after the end of the process.
        var resumed = try Self.course()
        try resumed.restore(try Safetensors(bytes: stopped.checkpoint.bytes))
        while !resumed.hasEnded { _ = resumed.nextEpoch { _ in } }
        #expect(resumed.checkpoint == whole.checkpoint)
        #expect(
            try resumed.result(name: "a", baseName: "b").folder.weights
                == whole.result(name: "a", baseName: "b").folder.weights)
    }

    @Test func aCheckpointOfAnotherTrainingIsRefused() throws {
        let checkpoint = try Self.course().checkpoint
        var others = [
            try Self.course(Self.settings { $0.seed = 2 }), try Self.course(Self.settings { $0.rate = 1e-3 }),
            try Self.course(seed: 4),
        ]
        for index in others.indices {
            #expect(throws: TrainingError.self) { try others[index].restore(checkpoint) }
        }
        var same = try Self.course()
        try same.restore(checkpoint)
    }

    @Test func aBrokenCheckpointChangesNothing() throws {
        var course = try Self.course()
        let before = course.checkpoint
        for name in before.tensors.keys.sorted().prefix(8) + ["squares.0"] {
            var broken = before
            broken.tensors[name] = nil
            #expect(throws: TrainingError.self) { try course.restore(broken) }
        }
        var lost = before
        lost.metadata["step"] = "1000000"
        #expect(throws: TrainingError.self) { try course.restore(lost) }
        #expect(course.checkpoint == before)
    }

    @Test func trainingEndsWhenEpochsBringNothing() throws {
        // At such a rate nothing is learned after the first measurement.
        var course = try Self.course(
            Self.settings {
                ($0.epochs, $0.patience, $0.rate, $0.headRate) = (20, 2, 1e-12, 1e-12)
            })
        var epochs = 0
        while !course.hasEnded {
            _ = course.nextEpoch { _ in }
            epochs += 1
        }
        #expect(epochs == 3)
    }

    @Test func auxiliaryTasksTakePartInTheFirstEpochsAlone() throws {
        let trainer = try Self.course().trainer
        #expect(trainer.stepsOfEpochs == [40, 20, 20])
        #expect(trainer.steps == 80)
    }

    @Test func labelsOutsideATaskAreRefused() throws {
        var wrong = Self.task(1)
        wrong.examples[3].label = 2
        #expect(throws: TrainingError.self) {
            try EncoderTrainer(TinyEncoder.weights(seed: 1), tasks: [wrong], settings: Self.settings())
        }
    }
}
