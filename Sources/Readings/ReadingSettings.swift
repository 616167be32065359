internal import Domain
package import Foundation
package import Text

/// How fast and deep model share the work: `reading.json` in the deep model's folder, since it is fitted to the model.
package struct ReadingSettings: Codable, Equatable, Sendable {
    package static let fileName = "reading.json"

    /// A text whose class the fast model holds for less probable goes on to the deep model.
    package var sureAbove = 0.85
    package var irony = IronyRule()

    package init() {}

    package init(sureAbove: Double, irony: IronyRule = IronyRule()) {
        self.sureAbove = sureAbove
        self.irony = irony
    }

    /// Reads the file of a model's folder; without one the defaults hold.
    package init(directory: String) throws(ModelError) {
        let path = "\(directory)/\(Self.fileName)"
        guard let data = FileManager.default.contents(atPath: path) else { return }
        do {
            self = try JSONDecoder().decode(Self.self, from: data)
        } catch {
            throw .configuration(path: path, reason: "not the settings of a reader: \(error)")
        }
        guard (0...1).contains(sureAbove), (0...1).contains(irony.above) else {
            throw .configuration(path: path, reason: "sureAbove and irony.above are shares from 0 to 1")
        }
    }

    package func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(self)
    }

    /// The confidence that suffices, in millionths.
    var sure: Int64 { Sentiment.fixed(Float(sureAbove)) }
}
