package import Domain

/// What becomes of praise that is surely ironic.
package struct IronyRule: Equatable, Sendable {
    package enum Praise: String, Sendable {
        /// It gets no label.
        case unsure
        /// It counts as blame.
        case negative
    }

    /// A text at least so probably ironic, in millionths, is surely ironic.
    package var from: Int64
    package var praise: Praise

    package init(from: Int64 = 850_000, praise: Praise = .unsure) {
        self.from = from
        self.praise = praise
    }

    /// The sentiment as it is to be counted, and whether its label is not to be counted.
    ///
    /// Only a positive label changes. Then the part of the positive probability that is ironic, positive · irony, moves
    /// to negative: what is praised in irony is blamed. The label follows the rule, not the probabilities.
    package func apply(to sentiment: Sentiment, irony: Int64) -> (sentiment: Sentiment, isDoubtful: Bool) {
        guard sentiment.label == .positive, irony >= from else { return (sentiment, false) }
        let moved = sentiment.positive * irony / Sentiment.one
        let turned = Sentiment(
            negative: sentiment.negative + moved, positive: sentiment.positive - moved,
            label: praise == .negative ? .negative : nil)
        return (turned ?? sentiment, praise == .unsure)
    }
}
