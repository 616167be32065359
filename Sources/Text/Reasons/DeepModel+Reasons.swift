internal import Neural
internal import Subwords

extension DeepModel {
    /// The tokens of a text as the encoder reads them, and where in the text each of its words was.
    private struct Tokens {
        var ids: [Int32]
        var types: [UInt8]
        /// A byte of the text for each of its tokens; `nil` for special tokens and those of a target.
        var places: [Int?]
    }

    /// Why the text gets its label of a task; `nil` for a task that the model does not have.
    ///
    /// The words add up within 1 % (see `IntegratedGradients`). Costs some dozen passes through the encoder.
    ///
    /// - Parameters:
    ///   - target: what a stance is about; needed for that task alone.
    ///   - label: the class to explain; the chosen one when not given.
    package func reasons(for text: String, task: TextTask, target: String? = nil, label: Int? = nil) -> Reasons? {
        precondition(task.hasTarget == (target != nil), "a target for \(task.rawValue)?")
        let score = target.map { stance([text], towards: $0).first } ?? read([text])[0][task]
        guard let score, let head = heads[task], let calibration = calibration(of: task) else { return nil }
        let label = label ?? score.label
        let lead = Lead(of: label, probabilities: score.probabilities, scale: calibration.scale)
        let tokens = tokens(of: text, target: target)
        let explain = EncoderReasons(weights: weights, head: head)
        let found = explain(tokens.ids, types: tokens.types, isWord: tokens.places.map { $0 != nil }, lead: lead)
        let words = TextWords(text)
        var weights = [Double](repeating: 0, count: words.ranges.count)
        for (share, place) in zip(found.shares, tokens.places) {
            guard let place, let word = words.index(at: place) else { continue }
            weights[word] += share
        }
        return Reasons(
            task: task, label: label, probabilities: score.probabilities,
            words: zip(words.ranges, weights).map(Reasons.Word.init), lead: found.end, baseline: found.start)
    }

    private func calibration(of task: TextTask) -> Calibration? {
        configuration.tasks.first { $0.task == task }?.calibration
    }

    private func tokens(of text: String, target: String?) -> Tokens {
        let (plain, steps) = PlainWords.places(of: text)
        let limit = configuration.tokenLimit
        func place(_ byte: Int) -> Int {
            var (low, high) = (0, steps.count)
            while low < high {
                let middle = (low + high) / 2
                if steps[middle].plain <= byte { low = middle + 1 } else { high = middle }
            }
            return low == 0 ? 0 : steps[low - 1].text
        }
        let pieces = tokenizer.pieces(plain, limit: target == nil ? limit : .max)
        guard let target else {
            return Tokens(
                ids: pieces.map(\.id), types: pieces.map { _ in 0 },
                places: pieces.map { $0.bytes.map { place($0.lowerBound) } })
        }
        // The text stands second: its tokens are the last ones before the closing special token, perhaps cut.
        let pair = tokenizer.encode(target, plain, limit: limit)
        let own = pieces.filter { $0.bytes != nil }
        let alone = tokenizer.encode(target, "", limit: limit).ids.count
        var places = [Int?](repeating: nil, count: pair.ids.count)
        for (index, piece) in own.prefix(max(0, pair.ids.count - alone)).enumerated() {
            places[alone - 1 + index] = piece.bytes.map { place($0.lowerBound) }
        }
        return Tokens(ids: pair.ids, types: pair.types, places: places)
    }
}
