package import Domain

/// A model that reads context: the part of a reader that costs something.
///
/// Laws: a reading depends on its text alone, never on the texts beside it; texts of equal keys have equal readings.
package protocol DeepTexts: Sendable {
    /// Changes when a reading may change.
    var version: String { get }
    /// All that the model sees of a text after its own normalisation.
    func key(of text: String) -> [UInt8]
    func read(_ texts: [String]) -> [DeepReading]
}
