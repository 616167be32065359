import Domain
import Foundation
import Store

/// A label as a line of JSON.
struct LabelLine: Codable, Equatable {
    var brand: String?
    var text: String
    var label: Class
    var annotator: String?
    var language: String?
    /// RFC 3339.
    var postedAt: Date?
    var sampleWeight: Double?

    /// A class by name, or by number as data sets have it.
    struct Class: Codable, Equatable {
        var label: SentimentLabel

        init(_ label: SentimentLabel) { self.label = label }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let name = try? container.decode(String.self)
            let number = try? container.decode(Int.self)
            let label = SentimentLabel.allCases.first { $0.name == name?.lowercased() || Int($0.rawValue) == number }
            guard let label else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "a label is 0, 1, 2 or negative, neutral, positive")
            }
            self.label = label
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(label.name)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case brand, text, label, annotator, language
        case postedAt = "posted_at"
        case sampleWeight = "sample_weight"
    }

    init(_ label: Label) {
        brand = label.brand
        text = label.text
        self.label = Class(label.label)
        annotator = label.annotator
        language = label.language
        postedAt = label.postedAt.map { Date(timeIntervalSince1970: Double($0.milliseconds) / 1000) }
        sampleWeight = label.sampleWeight
    }

    func label(brand usual: String?, annotator other: String) throws -> Label {
        guard let brand = brand ?? usual else { throw CommandError("it names no brand: give --brand") }
        if let sampleWeight, !(sampleWeight > 0 && sampleWeight.isFinite) {
            throw CommandError("sample_weight must be above 0, not \(sampleWeight)")
        }
        return Label(
            brand: brand, text: text, label: label.label, annotator: annotator ?? other, language: language ?? "",
            postedAt: postedAt.map { Timestamp(milliseconds: Int64($0.timeIntervalSince1970 * 1000)) },
            sampleWeight: sampleWeight)
    }
}

extension LabelLine {
    static func decoded(_ line: [UInt8]) throws -> LabelLine {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(LabelLine.self, from: Data(line))
    }

    func encoded() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
