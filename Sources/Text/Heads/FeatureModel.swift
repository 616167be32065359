package import Neural

/// A model whose inner view of a text serves heads that users train.
///
/// Laws: a text's row depends on the text alone, never on the texts beside it.
package protocol FeatureModel: Sendable {
    /// Changes when a feature may change.
    var version: String { get }

    /// A row for each text.
    func features(_ texts: [String]) -> Matrix
}

extension DeepModel: FeatureModel {}

extension SentimentModel: FeatureModel {
    /// What the network sees in each text before it answers, a row for each: the input of heads trained by users.
    package func features(_ texts: [String]) -> Matrix {
        var extractor = FeatureExtractor(settings: configuration.features)
        var runner = NetworkRunner(network, texts: texts.count, keepsFeatures: true)
        var values: [Float] = []
        values.reserveCapacity(texts.count * network.filters)
        for text in texts {
            extractor.read(text)
            runner.append(extractor.features)
            if runner.isFull {
                runner.finish()
                values += runner.features
            }
        }
        runner.finish()
        values += runner.features
        return Matrix(rows: texts.count, columns: network.filters, values: values)
    }
}
