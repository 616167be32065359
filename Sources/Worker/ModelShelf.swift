internal import Foundation
package import Monitors
package import Readings
internal import Synchronization
internal import Text

/// Loads models once per process, and keeps what they said of texts that may come again.
package final class ModelShelf: Sendable {
    package let folder: String
    /// Shared by all readers: they have the same deep model.
    package let cache = ReadingCache()
    private let loaded = Mutex<[Monitor.Model: TextReader]>([:])

    /// - Parameter folder: holds one folder per model, such as `fast-sentiment`.
    package init(folder: String) { self.folder = folder }

    /// The reader that a monitor asks for; `nil` when it asks for none.
    ///
    /// - Throws: `ModelError` when weights are missing or broken.
    package func reader(for choice: Monitor.Model) throws -> TextReader? {
        guard choice != .none else { return nil }
        // Held while loading, so that threads that start together load once.
        return try loaded.withLock { loaded in
            if let reader = loaded[choice] { return reader }
            let reader = try load(choice)
            loaded[choice] = reader
            return reader
        }
    }

    private func load(_ choice: Monitor.Model) throws -> TextReader {
        let fast = try SentimentModel(directory: "\(folder)/fast-sentiment")
        let multilingual = try optional("fast-multilingual")
        guard choice != .fast else { return TextReader(fast: fast, multilingual: multilingual) }
        let model = try deepModel()
        let deep = TextReader.Deep(
            model: model, share: choice == .deep ? .all : .unsure, settings: ReadingSettings(model.configuration),
            cache: cache)
        return TextReader(fast: fast, multilingual: multilingual, deep: deep)
    }

    /// - Throws: also for a model that was not trained for every task of a reading.
    private func deepModel() throws -> DeepModel {
        let directory = "\(folder)/\(DeepModel.folderName)"
        let model = try DeepModel(directory: directory, base: "\(folder)/\(DeepModel.baseName)")
        let missing = DeepModel.readingTasks.filter { !model.tasks.contains($0) }
        guard missing.isEmpty else {
            throw ModelError.configuration(
                path: directory, reason: "not trained for \(missing.map(\.rawValue).joined(separator: ", "))")
        }
        return model
    }

    /// A model that need not be there; one that is there and broken is an error.
    private func optional(_ name: String) throws -> SentimentModel? {
        guard FileManager.default.fileExists(atPath: "\(folder)/\(name)/config.json") else { return nil }
        return try SentimentModel(directory: "\(folder)/\(name)")
    }
}
