package import Domain
package import Text

extension TextReader {
    /// Words of one post that are counted at most.
    private static let wordLimit = 3

    /// As `read`, with the words that made posts surely negative or positive: of those that the fast models decide.
    ///
    /// - Parameter threshold: a sentiment whose class is less probable, in millionths, is unsure.
    package func readExplaining(
        _ inputs: [Input], unsureBelow threshold: Int64
    ) -> (readings: [Reading], reasons: [PostReasons?]) {
        var reasons = [PostReasons?](repeating: nil, count: inputs.count)
        let readings = read(inputs) { model, places, deepBelow in
            let found = model.scoreExplaining(places.map { inputs[$0].text }, limit: Self.wordLimit) { sentiment in
                sentiment.label != .neutral && !sentiment.isUnsure(below: max(threshold, deepBelow))
            }
            for (place, (sentiment, words)) in zip(places, found) where !words.isEmpty {
                reasons[place] = PostReasons(isPraise: sentiment.label == .positive, words: words)
            }
            return found.map(\.sentiment)
        }
        return (readings, reasons)
    }

    /// The words that weigh most for or against each text's label: of those texts that the fast models decide.
    ///
    /// The deep model's cost some dozen passes each: it is asked on demand. Empty for its texts, and for those that no
    /// model reads.
    ///
    /// - Parameter labels: what is to be explained, one for each text.
    package func reasons(of inputs: [Input], labels: [SentimentLabel], limit: Int) -> [[ReasonWord]] {
        var reasons = [[ReasonWord]](repeating: [], count: inputs.count)
        func explain(_ indices: [Int], with model: SentimentModel) {
            let found = model.reasons(
                for: indices.map { inputs[$0].text }, labels: indices.map { Int(labels[$0].rawValue) })
            for (index, found) in zip(indices, found) { reasons[index] = found.top(limit, of: inputs[index].text) }
        }
        let texts = byLanguage(inputs)
        if let multilingual { explain(texts.others, with: multilingual) }
        guard let deep else {
            explain(texts.english, with: fast)
            return reasons
        }
        guard deep.share == .unsure else { return reasons }
        let sentiments = fast.score(texts.english.map { inputs[$0].text })
        let sure = zip(texts.english, sentiments).filter { !$1.isUnsure(below: deep.settings.cascadeBelow) }
        explain(sure.map(\.0), with: fast)
        return reasons
    }
}

extension Reasons {
    /// The heaviest words as they travel.
    package func top(_ limit: Int, of text: String) -> [ReasonWord] {
        top(limit).compactMap { word in
            let weight = Int32(max(-1e6, min(1e6, (word.weight * 1000).rounded())))
            return weight == 0 ? nil : ReasonWord(word: TextWords.text(of: word.range, in: text), weight: weight)
        }
    }
}
