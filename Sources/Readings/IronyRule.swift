package import Domain

/// What becomes of praise that is surely ironic.
package struct IronyRule: Codable, Equatable, Sendable {
    package enum Praise: String, Codable, Sendable {
        /// It counts as praise all the same.
        case praise
        /// It gets no label.
        case unsure
        /// It counts as blame.
        case negative
    }

    /// An irony at least as probable is sure.
    package var above = 0.85
    package var praise = Praise.unsure

    package init() {}

    package init(above: Double, praise: Praise) {
        self.above = above
        self.praise = praise
    }

    /// The sentiment as it is to be counted, and whether its label is not to be counted.
    ///
    /// Only a positive label changes. Then the part of the positive probability that is ironic, positive · irony, moves
    /// to negative: what is praised in irony is blamed. The label follows the rule, not the probabilities.
    package func apply(to sentiment: Sentiment, irony: Int64) -> (sentiment: Sentiment, isDoubtful: Bool) {
        guard praise != .praise, sentiment.label == .positive, irony >= least else { return (sentiment, false) }
        let moved = sentiment.positive * irony / Sentiment.one
        let label: SentimentLabel? = praise == .negative ? .negative : nil
        let turned = Sentiment(
            negative: sentiment.negative + moved, positive: sentiment.positive - moved, label: label)
        return (turned ?? sentiment, praise == .unsure)
    }

    private var least: Int64 { Sentiment.fixed(Float(above)) }
}
