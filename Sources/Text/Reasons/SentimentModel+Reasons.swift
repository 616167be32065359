internal import Neural

extension SentimentModel {
    /// Why each text gets its label.
    ///
    /// Exact up to rounding, and the same bits in any batch and on any machine; costs little more than a score.
    ///
    /// - Parameter labels: the classes to explain, one for each text; the chosen ones when not given.
    package func reasons(for texts: [String], labels: [Int]? = nil) -> [Reasons] {
        precondition(
            labels.map { $0.count == texts.count } ?? true, "\(texts.count) texts, \(labels?.count ?? 0) labels")
        var extractor = FeatureExtractor(settings: configuration.features)
        var runner = NetworkRunner(network, texts: texts.count, isExplaining: true)
        let baseline = TokenContributions(network).baseline
        var reasons: [Reasons] = []
        var waiting: [TextWords] = []
        func finish() {
            runner.finish()
            var start = 0
            for (index, words) in waiting.enumerated() {
                let end = start + words.ranges.count * network.classes
                let logits = runner.logits[index * network.classes..<(index + 1) * network.classes]
                let label = labels?[reasons.count]
                reasons.append(explained(words, logits, runner.contributions[start..<end], baseline, label))
                start = end
            }
            waiting.removeAll()
        }
        for text in texts {
            extractor.read(text)
            runner.append(extractor.features)
            waiting.append(TextWords(text))
            if runner.isFull { finish() }
        }
        finish()
        return reasons
    }

    private func explained(
        _ words: TextWords, _ logits: ArraySlice<Float>, _ contributions: ArraySlice<Float>, _ baseline: [Float],
        _ label: Int?
    ) -> Reasons {
        let calibration = configuration.calibration
        var probabilities = zip(logits, calibration.biases).map { $0 * calibration.scale + $1 }
        let label = label ?? calibration.choice(of: probabilities)
        Softmax.normalise(&probabilities)
        let lead = Lead(of: label, probabilities: probabilities, scale: calibration.scale)
        let classes = network.classes
        let weighed = words.ranges.indices.map { index in
            let start = contributions.startIndex + index * classes
            return Reasons.Word(range: words.ranges[index], weight: lead(contributions[start..<start + classes]))
        }
        return Reasons(
            task: .sentiment, label: label, probabilities: probabilities, words: weighed, lead: lead(logits),
            // A text without tokens has nothing that could win a maximum: it is its own baseline.
            baseline: lead(words.ranges.isEmpty ? Array(logits) : baseline))
    }
}
