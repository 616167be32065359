package import Domain
package import Neural

/// Texts as a general model reads them: what a head is trained and applied on.
package struct ReadTexts: Sendable {
    /// A row for each text.
    package let features: Matrix
    package let general: [Sentiment]
    /// The version of the model that made the features.
    package let version: String

    package init(features: Matrix, general: [Sentiment], version: String) {
        precondition(features.rows == general.count, "\(features.rows) rows of features, \(general.count) answers")
        self.features = features
        self.general = general
        self.version = version
    }

    package var count: Int { general.count }

    /// Some of the texts, in the order asked for.
    package subscript(indices: [Int]) -> ReadTexts {
        let width = features.columns
        var values: [Float] = []
        values.reserveCapacity(indices.count * width)
        for index in indices { values += features.values[index * width..<(index + 1) * width] }
        return ReadTexts(
            features: Matrix(rows: indices.count, columns: width, values: values), general: indices.map { general[$0] },
            version: version)
    }
}
