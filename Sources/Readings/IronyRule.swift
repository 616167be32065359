package import Domain

/// What becomes of praise that is surely ironic: it is not counted as praise, nor as blame.
///
/// Not as blame, since people who label the sentiment of such posts still see praise in most of them.
package struct IronyRule: Equatable, Sendable {
    /// A text at least so probably ironic, in millionths, is surely ironic.
    package var from: Int64

    package init(from: Int64 = 850_000) { self.from = from }

    /// The sentiment as it is to be counted, and whether its label is not to be counted.
    ///
    /// Only a positive label changes. Then the part of the positive probability that is ironic, positive · irony, moves
    /// to neutral.
    package func apply(to sentiment: Sentiment, irony: Int64) -> (sentiment: Sentiment, isDoubtful: Bool) {
        guard sentiment.label == .positive, irony >= from else { return (sentiment, false) }
        let sincere = sentiment.positive - sentiment.positive * irony / Sentiment.one
        return (Sentiment(negative: sentiment.negative, positive: sincere) ?? sentiment, true)
    }
}
