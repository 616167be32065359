import ArgumentParser
import Foundation
import Text
import Training

/// Options of learning from a model that knows better: a teacher, and texts without labels to ask it about.
struct TeachingOptions: ParsableArguments {
    @Option(help: "Model to learn from beside the labels: deep, fast, or the folder of one.") var teacher: String?
    @Option(help: "Texts without labels to learn from through the teacher; may be given again.", completion: .file())
    var unlabelled: [String] = []
    @Option(
        help: "Read only lines of texts without labels that have this value, such as lang=English, or lack the field.")
    var only: FieldFilter?
    @Option(help: "Texts without labels at most: a random sample of the different ones.") var unlabelledLimit = 200_000
    @Option(help: "File that keeps the teacher's answers, to go on and to train again from.", completion: .file())
    var answers: String?
    @Option(help: "The teacher's part in what is wanted of a labelled text.") var trust = FastTrainer.Settings().trust

    func validate() throws {
        guard (0...10_000_000).contains(unlabelledLimit) else {
            throw ValidationError("--unlabelled-limit must be 0…10000000, not \(unlabelledLimit).")
        }
        guard teacher != nil || unlabelled.isEmpty else { throw ValidationError("--unlabelled needs a --teacher.") }
        guard (0...1).contains(trust) else { throw ValidationError("--trust must be 0…1, not \(trust).") }
    }

    /// Texts that the teacher is asked about before its answers are written down.
    private static let portion = 4096

    /// The teacher's answers to the examples and the texts without labels, most of them from the file where there is one.
    ///
    /// Texts that are validation texts are never asked about.
    func taught(
        _ examples: [LabelledText], validation: [LabelledText], models: String
    ) async throws -> [TaughtText] {
        let file = answers.map(AnswerFile.init)
        let known = try file?.read()
        guard let name = teacher else { return known?.answers ?? [] }
        let teacher = try TextModel(name, models: models)
        guard teacher.tasks.contains(.sentiment) else { throw CommandError("\(teacher.version) knows no sentiment") }
        if let known, known.teacher != teacher.version {
            throw CommandError("\(answers ?? "") holds answers of \(known.teacher), not of \(teacher.version)")
        }
        var taught = known?.answers ?? []
        let answered = Set(taught.map(\.text))
        let wanted = try texts(examples, validation: validation).filter { !answered.contains($0) }
        guard !wanted.isEmpty else { return taught }
        let handle = try file?.begin(teacher: teacher.version, answers: taught)
        defer { try? handle?.close() }
        let started = ContinuousClock.now
        for first in stride(from: 0, to: wanted.count, by: Self.portion) {
            let portion = Array(wanted[first..<min(first + Self.portion, wanted.count)])
            let found = try await teacher.answers(TaskSplit(task: .sentiment, texts: portion))
            let answers = zip(portion, found).map { TaughtText(text: $0, probabilities: $1.probabilities) }
            if let handle { try AnswerFile.append(answers, to: handle) }
            taught += answers
            let done = first + portion.count
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            Terminal.say(
                "\(teacher.version) has read \(Figures.grouped(Int64(done))) of \(Figures.grouped(Int64(wanted.count)))"
                    + " texts · \(Figures.duration(seconds / Double(done) * Double(wanted.count - done))) left")
        }
        return taught
    }

    private func texts(_ examples: [LabelledText], validation: [LabelledText]) throws -> [String] {
        let overlap = OverlapGuard(validation: validation)
        // The same sample whatever seed the training has: its runs share the answers.
        var sample = UnlabelledTexts(limit: unlabelledLimit, seed: 1)
        for path in unlabelled {
            try UnlabelledFile(path: path, only: only).read { text in
                if !overlap.isKnown(text) { sample.add(text) }
            }
        }
        if !unlabelled.isEmpty {
            Terminal.say("\(sample.texts.count) of \(sample.distinct) different texts without labels")
        }
        return overlap.cleared(examples).map(\.text) + sample.texts
    }
}
