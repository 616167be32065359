import Domain
import Readings
import Synchronization

/// A deep model that counts letters: quick, and as strict about its laws as the real one should be.
final class StubTexts: DeepTexts {
    let version = "stub"
    private let texts = Mutex<[String]>([])

    /// What was read, in order.
    var read: [String] { texts.withLock { $0 } }

    /// Case and surplus spaces are not seen.
    func tokens(of text: String) -> [Int32] {
        text.lowercased().split(separator: " ").joined(separator: " ").utf8.map(Int32.init)
    }

    func readings(of texts: [String]) -> [DeepReading] {
        self.texts.withLock { $0 += texts }
        return texts.map { text in
            let sum = tokens(of: text).reduce(0) { $0 + Int64($1) }
            let no = DeepReading.Flag(probability: sum % 1000, isRaised: false)
            let isIronic = text.lowercased().contains("yeah right")
            return DeepReading(
                sentiment: Sentiment(negative: Float(sum % 7) / 40, positive: 0.75),
                irony: DeepReading.Flag(probability: isIronic ? 900_000 : 1000, isRaised: isIronic), offence: no,
                hate: no, emotions: SIMD4(sum % 1000, 0, 0, 0), emotion: .anger)
        }
    }
}
