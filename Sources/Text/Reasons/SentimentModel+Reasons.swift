package import Domain
internal import Neural

extension SentimentModel {
    /// Why each text gets its label.
    ///
    /// Exact up to rounding, and the same bits in any batch and on any machine; costs little more than a score.
    ///
    /// - Parameter labels: the classes to explain, one for each text; the chosen ones when not given.
    package func reasons(for texts: [String], labels: [Int]? = nil) -> [Reasons] {
        precondition(labels.map { $0.count == texts.count } ?? true, "\(texts.count) texts with other labels")
        let contributions = TokenContributions(network)
        var reasons: [Reasons] = []
        forEachBatch(of: texts) { batch, runner in
            for (index, text) in batch.enumerated() {
                let logits = runner.logits[index * network.classes..<(index + 1) * network.classes]
                let words = TextWords(texts[text])
                let found = runner.contributions(ofText: index, contributions)
                var probabilities = [Float](repeating: 0, count: network.classes)
                let sentiment = sentiment(of: logits, &probabilities)
                let label = labels?[text] ?? Int(sentiment.label.rawValue)
                let lead = lead(of: label, probabilities)
                reasons.append(
                    Reasons(
                        task: .sentiment, label: label, probabilities: probabilities,
                        words: words.ranges.indices.map {
                            Reasons.Word(range: words.ranges[$0], weight: lead(tokenRow($0, of: found)))
                        },
                        lead: lead(logits),
                        // A text without tokens has nothing that could win a maximum: it is its own baseline.
                        baseline: lead(words.ranges.isEmpty ? Array(logits) : contributions.baseline)))
            }
        }
        return reasons
    }

    /// A word lighter than this, in logits, is no reason worth counting.
    private static let leastWeight = 0.25

    /// The sentiment of each text, and the normalised words that speak most for it, heaviest first.
    ///
    /// - Parameters:
    ///   - limit: words of one text at most.
    ///   - isWanted: texts whose sentiment it refuses get no words, and cost no more than a score.
    package func scoreExplaining(
        _ texts: [String], limit: Int, where isWanted: (Sentiment) -> Bool
    ) -> [(sentiment: Sentiment, words: [String])] {
        let contributions = TokenContributions(network)
        var extractor = FeatureExtractor(settings: configuration.features)
        var result: [(sentiment: Sentiment, words: [String])] = []
        result.reserveCapacity(texts.count)
        var probabilities = [Float](repeating: 0, count: network.classes)
        forEachBatch(of: texts) { batch, runner in
            for (index, text) in batch.enumerated() {
                let logits = runner.logits[index * network.classes..<(index + 1) * network.classes]
                let sentiment = sentiment(of: logits, &probabilities)
                guard isWanted(sentiment) else {
                    result.append((sentiment, []))
                    continue
                }
                let lead = lead(of: Int(sentiment.label.rawValue), probabilities)
                let found = runner.contributions(ofText: index, contributions)
                extractor.read(texts[text])
                result.append((sentiment, heaviest(found, lead, extractor, limit)))
            }
        }
        return result
    }

    private func heaviest(_ found: [Float], _ lead: Lead, _ extractor: FeatureExtractor, _ limit: Int) -> [String] {
        let isWord = extractor.tokenIsWord
        let weights = isWord.indices.map { isWord[$0] ? lead(tokenRow($0, of: found)) : 0 }
        let order = weights.indices.filter { weights[$0] >= Self.leastWeight }.sorted { left, right in
            weights[left] == weights[right] ? left < right : weights[left] > weights[right]
        }
        guard !order.isEmpty else { return [] }
        let texts = extractor.tokenTexts
        return order.prefix(limit).map { texts[$0] }
    }

    private func lead(of label: Int, _ probabilities: [Float]) -> Lead {
        Lead(of: label, probabilities: probabilities, scale: configuration.calibration.scale)
    }

    private func tokenRow(_ token: Int, of contributions: [Float]) -> ArraySlice<Float> {
        contributions[token * network.classes..<(token + 1) * network.classes]
    }

    /// Runs the texts batch by batch; `body` takes the places of a batch's texts and the runner that has finished them.
    private func forEachBatch(of texts: [String], _ body: (Range<Int>, NetworkRunner) -> Void) {
        var extractor = FeatureExtractor(settings: configuration.features)
        var runner = NetworkRunner(network, texts: texts.count)
        var start = 0
        for (index, text) in texts.enumerated() {
            extractor.read(text)
            runner.append(extractor.features)
            guard runner.isFull || index + 1 == texts.count else { continue }
            runner.finish()
            body(start..<index + 1, runner)
            start = index + 1
        }
    }
}
