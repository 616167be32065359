package import Subwords
internal import Text

extension EncoderTask {
    /// Texts that show the encoder more language: emoji that people chose, emotions of comments, sarcasm by its authors.
    package static let auxiliaries = ["emoji", "goemotions", "isarcasm_en"]

    /// Tasks with fewer examples than this are seen twice in an epoch, so that large ones do not drown them.
    private static let fewExamples = 5000

    /// Reads records with a tokenizer.
    ///
    /// Training texts that are validation texts of any task are left out: public sets overlap.
    package static func tasks(
        of sets: [TaskRecords], tokenizer: SubwordTokenizer, tokenLimit: Int
    ) -> (tasks: [EncoderTask], overlapping: Int) {
        let overlap = OverlapGuard(
            validation: sets.flatMap(\.validation).map { LabelledText(text: $0.text, label: 0) })
        var overlapping = 0
        let tasks = sets.map { set in
            let names = set.task == nil ? Set(set.training.flatMap { $0.labels ?? [] }).sorted() : []
            func examples(_ records: [TaskRecord]) -> [Example] {
                records.compactMap { record in
                    // Of several emotions none is the class.
                    let label =
                        record.label
                        ?? (record.labels?.count == 1 ? names.firstIndex(of: record.labels?[0] ?? "") : nil)
                    return label.map { example(record, label: $0, tokenizer, tokenLimit) }
                }
            }
            let kept = set.training.filter { !overlap.isKnown($0.text) }
            overlapping += set.training.count - kept.count
            let training = examples(kept)
            return EncoderTask(
                name: set.name, task: set.task,
                classes: set.task?.classes.count ?? (training.map(\.label).max() ?? 0) + 1, examples: training,
                validation: examples(set.validation),
                repeats: set.task != nil && training.count < fewExamples ? 2 : 1)
        }
        return (tasks, overlapping)
    }

    private static func example(
        _ record: TaskRecord, label: Int, _ tokenizer: SubwordTokenizer, _ limit: Int
    ) -> Example {
        let text = PlainWords.of(record.text)
        if let target = record.target {
            let pair = tokenizer.encode(target, text, limit: limit)
            return Example(ids: pair.ids, types: pair.types, label: label)
        }
        let ids = tokenizer.encode(text, limit: limit)
        return Example(ids: ids, types: [UInt8](repeating: 0, count: ids.count), label: label)
    }
}
