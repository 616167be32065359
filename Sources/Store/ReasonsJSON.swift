internal import Domain
internal import Foundation

/// Reasons as the JSON that analysts read: `[{"word": "late", "weight": 1.25}, …]`.
enum ReasonsJSON {
    private struct Entry: Encodable {
        let word: String
        let weight: Decimal
    }

    /// `nil` for none.
    static func text(of reasons: [ReasonWord]) -> String? {
        guard !reasons.isEmpty else { return nil }
        let entries = reasons.map { Entry(word: $0.word, weight: Decimal($0.weight) / 1000) }
        return (try? JSONEncoder().encode(entries)).map { String(decoding: $0, as: UTF8.self) }
    }
}
