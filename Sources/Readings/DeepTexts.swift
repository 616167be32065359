package import Domain

/// A model that reads context: the part of a reader that costs something.
///
/// Laws: a reading depends on its text alone, never on the texts beside it; texts of equal tokens have equal readings.
package protocol DeepTexts: Sendable {
    /// Changes when a reading may change.
    var version: String { get }
    /// All that the model sees of a text.
    func tokens(of text: String) -> [Int32]
    func readings(of texts: [String]) -> [DeepReading]
}
