package import Domain
package import Monitors
package import Text

/// The heads of a monitor's brands, with the model whose features they read.
package struct BrandHeads: Sendable {
    /// By the brand's index.
    private let heads: [UInt16: SentimentHead]
    private let model: any FeatureModel

    /// `nil` for a monitor whose brands have none.
    ///
    /// - Throws: `ModelError` when a head is missing or broken, or was trained on features of another model.
    package init?(_ monitor: Monitor, models: ModelShelf) throws {
        var heads: [UInt16: SentimentHead] = [:]
        for (brand, reference) in monitor.brands.map(\.head).enumerated() {
            guard let reference else { continue }
            heads[UInt16(brand)] = try SentimentHead(reference: reference, models: models.folder)
        }
        guard !heads.isEmpty else { return nil }
        try self.init(heads, model: models.features(for: monitor.model))
    }

    package init(_ heads: [UInt16: SentimentHead], model: any FeatureModel) throws(ModelError) {
        for head in heads.values where head.features != model.version {
            throw .configuration(
                path: "head \(head.name)",
                reason: "it was trained on features of \(head.features), here is \(model.version): "
                    + "train it again with 'groundswell train --from-labels'")
        }
        self.heads = heads
        self.model = model
    }

    /// Changes when an answer may change.
    package var version: String {
        heads.sorted { $0.key < $1.key }.map { "head \($0.value.version)" }.joined(separator: " + ")
    }

    /// What the heads say of posts that mention their brands; posts that the general model cannot read are left alone.
    package func readings(_ posts: [Post], _ matches: BrandMatches, _ readings: [Reading?]) -> MentionReadings {
        var wanted: [(post: Int, sentiment: Sentiment)] = []
        for post in readings.indices where matches[post].contains(where: { heads[$0] != nil }) {
            if let sentiment = readings[post]?.sentiment { wanted.append((post, sentiment)) }
        }
        var result = MentionReadings()
        guard !wanted.isEmpty else { return result }
        let features = model.features(wanted.map { posts[$0.post].text })
        for (row, (post, general)) in wanted.enumerated() {
            for brand in matches[post] {
                guard let head = heads[brand] else { continue }
                let sentiment = head.sentiment(features, row: row, general: general)
                result[post, brand] = readings[post]?.answering(sentiment)
            }
        }
        return result
    }
}
