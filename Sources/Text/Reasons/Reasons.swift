/// Why a model chose a label: what each word adds to the label's lead over the other classes, in logits.
///
/// The weights of all words add up to the distance of the lead from that of a text whose words say nothing.
package struct Reasons: Equatable, Sendable {
    /// A word and its weight: above 0 it speaks for the label, below 0 against it.
    package struct Word: Equatable, Sendable {
        /// Where it stands in the UTF-8 of the text.
        package var range: Range<Int>
        package var weight: Double

        package init(range: Range<Int>, weight: Double) {
            self.range = range
            self.weight = weight
        }
    }

    package let task: TextTask
    /// The class that the model chose.
    package let label: Int
    /// Calibrated, one for each class.
    package let probabilities: [Float]
    /// In the order of the text.
    package let words: [Word]
    /// The label's lead in this text.
    package let lead: Double
    /// The label's lead in a text of words that say nothing.
    package let baseline: Double

    package init(
        task: TextTask, label: Int, probabilities: [Float], words: [Word], lead: Double, baseline: Double
    ) {
        self.task = task
        self.label = label
        self.probabilities = probabilities
        self.words = words
        self.lead = lead
        self.baseline = baseline
    }

    /// How far the words are from adding up, in logits.
    package var gap: Double { abs(words.reduce(0) { $0 + $1.weight } - (lead - baseline)) }

    /// The heaviest words whatever their sign, heaviest first, of equals the earlier.
    ///
    /// Words without weight are left out.
    package func top(_ count: Int) -> [Word] {
        let order = words.indices.filter { words[$0].weight != 0 }.sorted { left, right in
            let (first, second) = (abs(words[left].weight), abs(words[right].weight))
            return first == second ? left < right : first > second
        }
        return order.prefix(count).map { words[$0] }
    }
}

/// The lead of a class over the others, each counted as often as it is probable among them.
///
/// Linear in the logits, and tangent to the logarithm of the class's odds: where words move the lead by 1, the odds
/// change by about a factor of e.
struct Lead {
    /// One for each class.
    let coefficients: [Float]

    /// - Parameter scale: what a logit is multiplied with before probabilities are taken.
    init(of label: Int, probabilities: [Float], scale: Float) {
        let others = probabilities.enumerated().reduce(0) { $0 + ($1.offset == label ? 0 : $1.element) }
        let count = Float(max(probabilities.count - 1, 1))
        coefficients = probabilities.enumerated().map { choice, probability in
            choice == label ? scale : -scale * (others > 0 ? probability / others : 1 / count)
        }
    }

    func callAsFunction(_ logits: some Sequence<Float>) -> Double {
        zip(coefficients, logits).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
