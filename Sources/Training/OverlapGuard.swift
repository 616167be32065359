/// Finds training texts that are validation texts in another dress, which would make a mark too good to be true.
///
/// Two texts are taken for the same when their letters and digits are, beside case, mentions and links. Public data
/// sets overlap more often than their authors say.
package struct OverlapGuard: Sendable {
    /// Texts with fewer letters and digits ("thank you!") are the same by chance.
    package static let shortestKey = 20

    private let keys: Set<String>

    package init(validation: [LabelledText]) { keys = Set(validation.compactMap { Self.key(of: $0.text) }) }

    package func isKnown(_ text: String) -> Bool { Self.key(of: text).map(keys.contains) ?? false }

    /// The examples that are not validation texts.
    package func cleared(_ examples: [LabelledText]) -> [LabelledText] { examples.filter { !isKnown($0.text) } }

    /// The letters and digits of a text without its mentions and links; nil when they are too few.
    static func key(of text: String) -> String? {
        var key = ""
        for word in text.split(whereSeparator: \.isWhitespace) where !word.hasPrefix("@") && !word.hasPrefix("http") {
            key += word.filter { $0.isLetter || $0.isNumber }.lowercased()
        }
        return key.count >= shortestKey ? key : nil
    }
}
