package import Foundation

extension SentimentHead {
    /// Where heads lie on the model shelf.
    package static func path(of name: String, models folder: String) -> String { "\(folder)/heads/\(name).json" }

    /// The same head gives the same bytes.
    package func encoded() throws(ModelError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            return try encoder.encode(self)
        } catch {
            throw .configuration(path: name, reason: "\(error)")
        }
    }

    /// Reads a head; `place` is named in errors.
    package init(json: Data, place: String) throws(ModelError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: json)
        } catch {
            throw .configuration(path: place, reason: "not a sentiment head: \(error)")
        }
        if let complaint { throw .configuration(path: place, reason: complaint) }
    }

    package init(name: String, models folder: String) throws(ModelError) {
        let path = Self.path(of: name, models: folder)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(
                path: path, reason: "no such head; 'groundswell train --from-labels --brand …' makes one")
        }
        try self.init(json: data, place: path)
    }

    /// Writes it to its place on the shelf.
    package func write(models folder: String) throws(ModelError) {
        let path = Self.path(of: name, models: folder)
        do {
            try FileManager.default.createDirectory(atPath: "\(folder)/heads", withIntermediateDirectories: true)
            try encoded().write(to: URL(filePath: path), options: .atomic)
        } catch let error as ModelError {
            throw error
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
    }

    /// Its name and a fingerprint of all that decides an answer.
    package var version: String {
        var hash = FeatureHash.start
        func add(_ value: UInt32) {
            for shift in stride(from: 0, to: 32, by: 8) {
                hash = FeatureHash.step(hash, UInt8(truncatingIfNeeded: value >> UInt32(shift)))
            }
        }
        for byte in features.utf8 { hash = FeatureHash.step(hash, byte) }
        for value in [trust] + biases + preferences + weights.joined() { add(value.bitPattern) }
        return name + "-" + FeatureHash.digits(hash)
    }

    private static let scheme = "data:application/json;base64,"

    /// The head as one word, to travel within a monitor.
    package func embedded() throws(ModelError) -> String { Self.scheme + (try encoded()).base64EncodedString() }

    /// Whether a monitor's `head` is the head itself, and not a name.
    package static func isEmbedded(_ text: String) -> Bool { text.hasPrefix(scheme) }

    /// The head that a monitor means: embedded, or a name on the shelf.
    package init(reference: String, models folder: String) throws(ModelError) {
        guard Self.isEmbedded(reference) else {
            try self.init(name: reference, models: folder)
            return
        }
        guard let data = Data(base64Encoded: String(reference.dropFirst(Self.scheme.count))) else {
            throw .configuration(path: "monitor", reason: "its head is not base64")
        }
        try self.init(json: data, place: "monitor")
    }
}
