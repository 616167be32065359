package import Neural

/// The part of a fast model that is not weights: `config.json` beside them.
package struct ModelConfiguration: Codable, Equatable, Sendable {
    /// Raised when tokens, features or arithmetic change, so that old weights are refused and not misread.
    package static let currentFormat = 1

    static let usualSpan = 3

    package var format = currentFormat
    package var name: String
    package var classes: [String]
    /// BCP 47 primary tags of what it was trained on; English when not given.
    package var languages: [String]?
    package var features: FeatureSettings
    package var width: Int
    /// Tokens that one filter sees; 3 when not given.
    package var span: Int?
    package var filters: Int
    package var calibration: Calibration

    package init(
        name: String, classes: [String], features: FeatureSettings, width: Int, span: Int, filters: Int,
        calibration: Calibration
    ) {
        self.name = name
        self.classes = classes
        self.features = features
        self.width = width
        self.span = span
        self.filters = filters
        self.calibration = calibration
    }

    /// What is wrong with it, if anything.
    ///
    /// The bounds keep sizes within memory, sums exact, and a token within `FeatureExtractor.rowLimit` rows.
    package var complaint: String? {
        if format != Self.currentFormat { return "format \(format), this program reads \(Self.currentFormat)" }
        if !(2...64).contains(classes.count) { return "\(classes.count) classes, 2 to 64 are possible" }
        if !(8...24).contains(features.tableBits) { return "tableBits \(features.tableBits), 8 to 24 are possible" }
        let (shortest, longest) = (features.shortestGram, features.longestGram)
        if shortest < 1 || longest > 8 || shortest > longest || longest - shortest > 3 {
            return "n-grams of \(shortest) to \(longest), at most four lengths from 1 to 8 are possible"
        }
        let (limit, span) = (QuantisedNetwork.reachLimit, span ?? Self.usualSpan)
        if !(1...limit).contains(span) || span % 2 == 0 { return "span \(span), odd numbers are possible" }
        if width < 16 || width > limit / span || width % 16 != 0 {
            return "width \(width), multiples of 16 up to \(limit / span) are possible with a span of \(span)"
        }
        if !(1...1024).contains(filters) { return "\(filters) filters, 1 to 1024 are possible" }
        let numbers = calibration.biases + calibration.preferences + [calibration.scale]
        let counts = [calibration.biases.count, calibration.preferences.count]
        if counts != [classes.count, classes.count] || !numbers.allSatisfy(\.isFinite) {
            return "calibration does not fit \(classes.count) classes"
        }
        return nil
    }
}

/// Why a model cannot be used.
package enum ModelError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case configuration(path: String, reason: String)
    case weights(path: String, SafetensorsError)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        case .configuration(let path, let reason): "\(path): \(reason)"
        case .weights(let path, let error): "\(path): \(error)"
        }
    }
}
